# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# parloop::progress_bar, for programs that include parloop/progress_bar.hpp: there where the header of barkeep is. This
# project includes this file, and so does its package, on the machine where that is used.
find_path(BARKEEP_INCLUDE_DIR barkeep/barkeep.h DOC "The folder that has barkeep/barkeep.h")
mark_as_advanced(BARKEEP_INCLUDE_DIR)
if(BARKEEP_INCLUDE_DIR AND NOT TARGET parloop::progress_bar)
  add_library(parloop::progress_bar INTERFACE IMPORTED GLOBAL)
  target_link_libraries(parloop::progress_bar INTERFACE parloop::parloop)
  target_include_directories(parloop::progress_bar SYSTEM INTERFACE ${BARKEEP_INCLUDE_DIR})
endif()
