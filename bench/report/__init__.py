# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""What becomes of the benchmarks' figures: a page, pictures, and the figures in README.md and in the guides."""
