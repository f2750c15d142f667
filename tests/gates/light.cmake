# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DCOMPILER=g++ -DINCLUDE=include -DWORK=folder -P light.cmake: a file with one loop compiles without the heavy
# headers of the standard library. With <vector>, <optional> and <iterator>, which brings <streambuf> and <string>, its
# parsing took 0.28 s in the place of 0.17 (g++ 12). Looks at libstdc++ alone; others have other headers inside.
file(WRITE ${WORK}/light.cpp "#include <parloop/algorithm/parallel_for.hpp>\n")
execute_process(COMMAND ${COMPILER} -std=c++20 -M -I${INCLUDE} ${WORK}/light.cpp
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${output}")
endif()
if(NOT output MATCHES "/c[+][+]/[0-9]+/type_traits")
  message("SKIPPED: not libstdc++")
  return()
endif()
set(bad "")
foreach(header algorithm atomic functional iterator memory mutex optional stdexcept streambuf string system_error thread
    tuple vector)
  if(output MATCHES "/c[+][+]/[0-9]+/${header}[ \n]")
    string(APPEND bad " <${header}>")
  endif()
endforeach()
if(NOT bad STREQUAL "")
  message(FATAL_ERROR "parloop/algorithm/parallel_for.hpp includes${bad}")
endif()
