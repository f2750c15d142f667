# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DCOMPILER=... -DINCLUDE=... -DWORK=folder -P macros.cmake
# The headers leave no macro behind but PARLOOP_VERSION*. Those of the system's headers that they include are not
# theirs, so the names are looked for in the headers' own #define lines too.
file(MAKE_DIRECTORY ${WORK})
file(WRITE ${WORK}/with.cpp "#include <parloop/parloop.hpp>\n")
execute_process(COMMAND ${COMPILER} -std=c++20 -I${INCLUDE} -dM -E ${WORK}/with.cpp
  RESULT_VARIABLE result OUTPUT_VARIABLE macros)
if(NOT result EQUAL 0 OR NOT macros MATCHES "PARLOOP_VERSION_MAJOR")
  message(FATAL_ERROR "cannot preprocess parloop.hpp")
endif()
set(bad "")
string(REGEX MATCHALL "#define PARLOOP[A-Za-z_0-9]*" own "${macros}")
foreach(macro IN LISTS own)
  if(NOT macro MATCHES "PARLOOP_VERSION(_MAJOR|_MINOR|_PATCH)?$")
    string(APPEND bad "\n${macro}")
  endif()
endforeach()
file(GLOB_RECURSE headers ${INCLUDE}/parloop/*.hpp)
foreach(header IN LISTS headers)
  file(STRINGS ${header} defines REGEX "^[ \t]*#[ \t]*define[ \t]")
  foreach(line IN LISTS defines)
    string(REGEX REPLACE "^[ \t]*#[ \t]*define[ \t]+([A-Za-z_0-9]+).*" "\\1" name "${line}")
    if(NOT name MATCHES "^PARLOOP_VERSION" AND macros MATCHES "#define ${name}[ (\n]")
      string(APPEND bad "\n${name} of ${header}")
    endif()
  endforeach()
endforeach()
if(NOT bad STREQUAL "")
  message(FATAL_ERROR "macros left behind:${bad}")
endif()
