# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# The C++ in a page of Markdown compiles. PAGE is relative to SOURCE; FLAGS are the optional libraries'.
set(unit ${WORK}/${PAGE}.cpp)
execute_process(COMMAND awk -f ${CMAKE_CURRENT_LIST_DIR}/snippets.awk ${PAGE}
  WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE code RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${PAGE} has no C++ that could be tested")
endif()
file(WRITE ${unit} "${code}")
execute_process(COMMAND ${COMPILER} -std=c++20 -Wall -Wextra -Wno-unused -Wno-unknown-pragmas -Werror ${FLAGS} -I${SOURCE}/include
  -I${CMAKE_CURRENT_LIST_DIR} -c ${unit} -o ${unit}.o RESULT_VARIABLE failed ERROR_VARIABLE errors)
if(failed)
  message(FATAL_ERROR "${errors}")
endif()
