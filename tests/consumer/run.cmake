# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DWAY=subdirectory|package -DSOURCE=parloop's -DWORK=folder -DCOMPILER=... -DFLAGS=... [-DBARKEEP=folder] -P run.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}:\n${output}")
  endif()
endfunction()
file(REMOVE_RECURSE ${WORK})
set(common -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DBARKEEP_INCLUDE_DIR=${BARKEEP}")
if(WAY STREQUAL "package")
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/parloop ${common} -DPARLOOP_BUILD_TESTS=OFF -DPARLOOP_BUILD_EXAMPLES=OFF)
  run(${CMAKE_COMMAND} --install ${WORK}/parloop --prefix ${WORK}/installed)
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${WORK}/build ${common} -DCMAKE_PREFIX_PATH=${WORK}/installed
    -DPARLOOP_TESTS=${SOURCE}/tests)
else()
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${WORK}/build ${common} -DPARLOOP_SOURCE=${SOURCE})
endif()
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
if(WAY STREQUAL "package")
  run(${WORK}/build/own_backend)
endif()
