# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# What Doxygen reads in place of a header. Users do not write the inline namespace.
s/^namespace parloop::inline v0_2/namespace parloop/
# The pools' base class has members that users call.
s/public detail::team_backend/public team_backend/
# Marks for bench/report/readme.py, and pictures as GitHub wants them.
s/<!-- measured:[^>]*-->//g
s/<!-- code:[^>]*-->//g
s/<!-- end -->//g
/^<picture>/s#="[^"]*/\([^"/]*[.]svg\)"#="\1"#g
s#^<picture>.*</picture>$#@htmlonly[block]<div class="measured">&</div>@endhtmlonly#
# A page's title is its first line.
s/^<!-- SPDX-.*-->$//
# Marks for other compilers.
/^#define PARLOOP_DEVICE/d
s/PARLOOP_DEVICE //
s/__host__ //
s/__device__ //
s/__global__ //
# Links to files that have no page.
s/\[\([^]]*\)\]([^)]*\/[^)]*\.[chp]*pp)/`\1`/g
# What the tables of backends call.
/backend\* detail::make_/d
