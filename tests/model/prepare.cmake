# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=(the project) -DTO=folder -P prepare.cmake
# The library's headers for the model: what tests/model/detail has replaces what is not modelled.
file(REMOVE_RECURSE ${TO})
file(COPY ${SOURCE}/include/parloop DESTINATION ${TO})
file(GLOB_RECURSE replaced RELATIVE ${SOURCE}/tests/model/detail ${SOURCE}/tests/model/detail/*.hpp)
foreach(header IN LISTS replaced)
  file(COPY_FILE ${SOURCE}/tests/model/detail/${header} ${TO}/parloop/detail/${header})
endforeach()

# change(file text instead): TEXT has to be there once.
function(change file text instead)
  file(READ ${TO}/parloop/detail/${file} content)
  string(FIND "${content}" "${text}" first)
  string(FIND "${content}" "${text}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "'${text}' is not once in ${file}: the model has to follow it")
  endif()
  string(REPLACE "${text}" "${instead}" content "${content}")
  file(WRITE ${TO}/parloop/detail/${file} "${content}")
endfunction()

change(team/job_slots.hpp "int doors = 63;" "int doors = 3;")  # fewer variables for each execution
change(team/entrances.hpp "int group = 16;" "int group = 2;")  # three workers come and leave by two entrances
change(team/launching.hpp "static constinit atomic<team*> made" "static atomic<team*> made")
change(team/learned_time.hpp "explicit constexpr" "explicit")  # Relacy's variables are never constant
change(team/job_slots.hpp "static_assert(sizeof(front) == 192);" "")  # nor are they as small
# The gangs' threads live as long as the process: model/gangs.hpp lets them live as long as an execution.
change(team/gang_pool.hpp "static constinit inline atomic<gang_pool*> all{nullptr};"
       "friend struct ::model_gangs; static inline model::renewed<gang_pool*> all;")
change(team/gang_pool.hpp "#pragma once" "#pragma once\nstruct model_gangs;")
change(team/gang.hpp "most_apart = 4;" "most_apart = 2;")
