# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# Linux with the musl C library and libc++, static, by clang in the PyPI package ziglang (python3 -m pip install
# ziglang; PARLOOP_PYTHON in the environment names another python). It runs where it is built.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
find_program(PARLOOP_PYTHON NAMES $ENV{PARLOOP_PYTHON} python3 REQUIRED)
# CMake wants a compiler of one word.
set(parloop_zig ${CMAKE_BINARY_DIR}/CMakeFiles/zig-c++)
file(WRITE ${parloop_zig} "#!/bin/sh\nexec '${PARLOOP_PYTHON}' -m ziglang c++ -target x86_64-linux-musl \"$@\"\n")
file(CHMOD ${parloop_zig} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(CMAKE_CXX_COMPILER ${parloop_zig})
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
