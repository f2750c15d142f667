# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# What Doxygen reads in place of detail/team/team_backend.hpp: as the other headers, and outside of detail.
s/^namespace parloop::inline v0_2 {/namespace parloop {/
/namespace detail/d
