# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# The C++ in the README and the guides compiles. FLAGS are those of the optional libraries.
file(GLOB pages RELATIVE ${SOURCE} ${SOURCE}/README.md ${SOURCE}/docs/*.md)
set(unit ${WORK}/docs_snippets.cpp)
execute_process(COMMAND awk -f ${CMAKE_CURRENT_LIST_DIR}/snippets.awk ${pages}
  WORKING_DIRECTORY ${SOURCE} OUTPUT_FILE ${unit} COMMAND_ERROR_IS_FATAL ANY)
# The README's first program is the example that the tests run.
file(READ ${SOURCE}/README.md readme)
file(READ ${SOURCE}/examples/first_loop.cpp example)
string(REGEX REPLACE "^(//[^\n]*\n)+" "" example "${example}")
string(FIND "${readme}" "```cpp\n${example}```" found)
if(found EQUAL -1)
  message(FATAL_ERROR "the first program of README.md is not examples/first_loop.cpp")
endif()
if(BARKEEP)
  list(APPEND FLAGS -isystem ${BARKEEP})
endif()
foreach(folder ${MPI})
  list(APPEND FLAGS -isystem ${folder})
endforeach()
execute_process(COMMAND ${COMPILER} -std=c++20 -Wall -Wextra -Wno-unused -Wno-unknown-pragmas -Werror ${FLAGS}
  -I${SOURCE}/include -I${CMAKE_CURRENT_LIST_DIR} -fsyntax-only ${unit} COMMAND_ERROR_IS_FATAL ANY)
