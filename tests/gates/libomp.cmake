# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DCOMPILER=clang++ -DSOURCE=(the project) -DWORK=folder [-DFLAGS=...] -P libomp.cmake
# The conformance suite of the openmp backend under clang's runtime, and loops in forked children.
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=RelWithDebInfo
    -DCMAKE_CXX_FLAGS=${FLAGS} -DPARLOOP_BUILD_EXAMPLES=OFF -DCMAKE_DISABLE_FIND_PACKAGE_TBB=ON
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${WORK}/CMakeCache.txt runtime REGEX "^OpenMP_[a-z]*omp_LIBRARY:.*/libi?omp")
if(NOT runtime)
  message("SKIPPED: ${COMPILER} has no libomp")
  return()
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK} --target test_conformance_openmp COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${WORK}/tests/test_conformance_openmp COMMAND_ERROR_IS_FATAL ANY)
if(NOT FLAGS)  # the thread sanitizer's own locks, and libomp's threads, do not go together in a child
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK} --target test_fork_openmp COMMAND_ERROR_IS_FATAL ANY)
  foreach(what callers body worker twice)
    execute_process(COMMAND ${WORK}/tests/test_fork_openmp ${what} openmp COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endif()
