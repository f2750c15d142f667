# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# The C++ in the README and the guides compiles. FLAGS are those of the optional libraries.
file(GLOB pages RELATIVE ${SOURCE} ${SOURCE}/README.md ${SOURCE}/docs/*.md)
set(unit ${WORK}/docs_snippets.cpp)
execute_process(COMMAND awk -f ${CMAKE_CURRENT_LIST_DIR}/snippets.awk ${pages}
  WORKING_DIRECTORY ${SOURCE} OUTPUT_FILE ${unit} COMMAND_ERROR_IS_FATAL ANY)
if(BARKEEP)
  list(APPEND FLAGS -isystem ${BARKEEP})
endif()
foreach(folder ${MPI})
  list(APPEND FLAGS -isystem ${folder})
endforeach()
execute_process(COMMAND ${COMPILER} -std=c++20 -Wall -Wextra -Wno-unused -Wno-unknown-pragmas -Werror ${FLAGS}
  -I${SOURCE}/include -I${CMAKE_CURRENT_LIST_DIR} -fsyntax-only ${unit} COMMAND_ERROR_IS_FATAL ANY)
