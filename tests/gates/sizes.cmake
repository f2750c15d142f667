# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=(the project) -P sizes.cmake: what has to stay small does. Examples are below 60 lines, so are read at
# a glance; a backend on somebody else's threads is below 80, as all that backends share is written once. No header is
# longer than 250.
set(bad "")
set(count 0)
function(below limit)
  foreach(file IN LISTS ARGN)
    file(READ ${file} text)
    string(REGEX MATCHALL "\n" ends "${text}")
    list(LENGTH ends size)
    if(NOT size LESS limit)
      file(RELATIVE_PATH name ${SOURCE} ${file})
      string(APPEND bad "\n${name}: ${size} lines, not below ${limit}")
    endif()
    math(EXPR count "${count} + 1")
  endforeach()
  set(bad "${bad}" PARENT_SCOPE)
  set(count ${count} PARENT_SCOPE)
endfunction()
file(GLOB examples ${SOURCE}/examples/*.cpp ${SOURCE}/examples/*.cu)
below(60 ${examples})
foreach(name serial openmp tbb)
  below(80 ${SOURCE}/include/parloop/backend/${name}.hpp)
endforeach()
file(GLOB_RECURSE headers ${SOURCE}/include/parloop/*.hpp ${SOURCE}/include/parloop/*.cuh)
below(251 ${headers})
if(NOT bad STREQUAL "" OR count LESS 10)
  message(FATAL_ERROR "${count} files${bad}")
endif()
message("${count} files")
