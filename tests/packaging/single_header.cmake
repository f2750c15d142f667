# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DPYTHON=... -DCOMPILER=... [-DFLAGS=...] -DSOURCE=parloop's -DWORK=folder -P single_header.cmake
# The single header is the same each time, leaves the same macros behind as the headers it is made of, makes a program
# of two files, and all examples of the main header compile with it, here, as on an unknown system, and for Windows if
# there is a compiler for it. An example that is made one file with it runs.
include(${CMAKE_CURRENT_LIST_DIR}/../run_or_fail.cmake)
file(REMOVE_RECURSE ${WORK})
set(header ${WORK}/include/parloop/parloop.hpp)
run(${PYTHON} -B ${SOURCE}/packaging/single_header.py ${header})
run(${PYTHON} -B ${SOURCE}/packaging/single_header.py ${WORK}/again.hpp)
run(${CMAKE_COMMAND} -E compare_files ${header} ${WORK}/again.hpp)
file(STRINGS ${header} own REGEX "^[ \t]*#[ \t]*include[ \t]*\"")
if(own)
  message(FATAL_ERROR "not single: ${own}")
endif()

separate_arguments(flags UNIX_COMMAND "${FLAGS}")
set(compile ${COMPILER} -std=c++20 ${flags} -Wall -Wextra -Wconversion -Wshadow -Wundef -pedantic -Werror -pthread)
file(WRITE ${WORK}/macros.cpp "#include <parloop/parloop.hpp>\n#include <parloop/parloop.hpp>\n")
foreach(flag -DNDEBUG -DPARLOOP_PORTABLE)  # with the second, headers that stand in it more than once are in use
  foreach(include ${WORK}/include ${SOURCE}/include)
    run(${compile} ${flag} -I${include} -dM -E ${WORK}/macros.cpp)
    string(REGEX MATCHALL "#define PARLOOP[^\n]*" macros "${output}")
    list(SORT macros)
    if(include STREQUAL "${WORK}/include")
      set(of_single "${macros}")
    elseif(NOT of_single STREQUAL macros OR macros STREQUAL "")
      message(FATAL_ERROR "macros ${of_single}\ninstead of ${macros}")
    endif()
  endforeach()
endforeach()

file(WRITE ${WORK}/one.cpp [[
#include <parloop/parloop.hpp>
double total(parloop::index_t n);
int main() {
  const parloop::index_t n = 100'000;
  const double here = parloop::parallel_sum(parloop::prange(n), [](parloop::index_t i) { return double(i); });
  return here == total(n) && here == 4999950000.0 ? 0 : 1;
}
]])
file(WRITE ${WORK}/two.cpp [[
#include <parloop/parloop.hpp>
double total(parloop::index_t n) {
  return parloop::parallel_sum(parloop::prange(n), [](parloop::index_t i) { return double(i); });
}
]])
run(${compile} -I${WORK}/include ${WORK}/one.cpp ${WORK}/two.cpp -o ${WORK}/two_files)
run(${WORK}/two_files)
run(${compile} -DPARLOOP_PORTABLE -I${WORK}/include ${WORK}/one.cpp ${WORK}/two.cpp -o ${WORK}/two_files_portable)
run(${WORK}/two_files_portable)

run(${PYTHON} -B ${SOURCE}/packaging/single_header.py ${WORK}/alone/first_loop.cpp ${SOURCE}/examples/first_loop.cpp)
run(${compile} ${WORK}/alone/first_loop.cpp -o ${WORK}/alone/first_loop)
run(${WORK}/alone/first_loop)
if(NOT output MATCHES "^30000000, on up to [0-9]+ threads")
  message(FATAL_ERROR "first_loop.cpp in one file: ${output}")
endif()

find_program(MINGW NAMES x86_64-w64-mingw32-g++-posix)
set(count 0)
file(GLOB examples ${SOURCE}/examples/*.cpp)
foreach(example IN LISTS examples)
  file(STRINGS ${example} others REGEX "include[ \t]*<parloop/")
  if(others STREQUAL "#include <parloop/parloop.hpp>")
    run(${compile} -fsyntax-only -I${WORK}/include ${example})
    math(EXPR count "${count} + 1")
  endif()
endforeach()
if(MINGW)
  run(${MINGW} -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I${WORK}/include ${SOURCE}/examples/array_add.cpp)
endif()
if(count LESS 9)
  message(FATAL_ERROR "only ${count} examples")
endif()
message("${count} examples")
