# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# Windows on x86-64 by MinGW-w64, run by Wine. Debian: g++-mingw-w64-x86-64-posix wine64.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)  # so that Wine needs none of the compiler's libraries
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
find_program(PARLOOP_WINE NAMES wine64 wine wine64-stable PATHS /usr/lib/wine)  # Debian's wine64 alone is not in the path
if(PARLOOP_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${PARLOOP_WINE})
endif()
