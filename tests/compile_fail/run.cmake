# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DCOMPILER=... -DINCLUDE=... -DCASE=name -DSOURCE=... -DMESSAGE=... [-DFLAG=...] -P run.cmake
# The case must not compile, and the compiler must say MESSAGE. The case everything_right must compile without a
# MESSAGE: it shows that the rest is sound.
# Those called slip_... are slips of people who come from other libraries: the message is to be seen, so it is short.
execute_process(
  COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I${INCLUDE} -D${CASE} ${FLAG} ${SOURCE}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(CASE STREQUAL "everything_right" AND MESSAGE STREQUAL "")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "everything_right does not compile:\n${output}")
  endif()
  return()
endif()
if(result EQUAL 0)
  message(FATAL_ERROR "case ${CASE} compiles")
endif()
string(REGEX MATCHALL "\n" lines "${output}")
list(LENGTH lines lines)
if(CASE MATCHES "^slip_" AND lines GREATER 30)
  message(FATAL_ERROR "case ${CASE}: ${lines} lines:\n${output}")
endif()
string(FIND "${output}" "${MESSAGE}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "case ${CASE} fails without saying '${MESSAGE}':\n${output}")
endif()
