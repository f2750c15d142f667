# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DWAY=subdirectory|fetch|package|pkg_config -DSOURCE=parloop's -DWORK=folder -DCOMPILER=... -DFLAGS=...
#   [-DBARKEEP=folder] -P run.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../run_or_fail.cmake)
file(REMOVE_RECURSE ${WORK})
set(common -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DBARKEEP_INCLUDE_DIR=${BARKEEP}")
if(WAY MATCHES "package|pkg_config")
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/parloop ${common} -DPARLOOP_BUILD_TESTS=OFF -DPARLOOP_BUILD_EXAMPLES=OFF)
  run(${CMAKE_COMMAND} --install ${WORK}/parloop --prefix ${WORK}/first)
  file(RENAME ${WORK}/first ${WORK}/installed)  # what is installed can be moved
endif()
if(WAY STREQUAL "pkg_config")
  find_program(PKG_CONFIG pkg-config)
  if(NOT PKG_CONFIG)
    message("SKIPPED: no pkg-config")
    return()
  endif()
  set(ENV{PKG_CONFIG_PATH} ${WORK}/installed/share/pkgconfig)
  execute_process(COMMAND ${PKG_CONFIG} --cflags --libs parloop OUTPUT_VARIABLE flags COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags} ${FLAGS}")
  file(MAKE_DIRECTORY ${WORK}/build)
  run(${COMPILER} -std=c++20 ${SOURCE}/tests/consumer/consumer.cpp ${flags} -o ${WORK}/build/consumer)
  run(${WORK}/build/consumer)
  return()
endif()
if(WAY STREQUAL "package")
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${WORK}/build ${common} -DCMAKE_PREFIX_PATH=${WORK}/installed
    -DPARLOOP_TESTS=${SOURCE}/tests)
elseif(WAY STREQUAL "fetch")
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${WORK}/build ${common}
    -DFETCHCONTENT_SOURCE_DIR_PARLOOP=${SOURCE})
else()
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${WORK}/build ${common} -DPARLOOP_SOURCE=${SOURCE})
endif()
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
if(WAY STREQUAL "package")
  run(${WORK}/build/own_backend)
endif()
