# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=(the project) -DTO=folder -P prepare.cmake
# The library's headers for simulated computers: what tests/machines/detail has replaces what asks the system.
file(REMOVE_RECURSE ${TO})
file(COPY ${SOURCE}/include/parloop DESTINATION ${TO})
file(GLOB_RECURSE replaced RELATIVE ${SOURCE}/tests/machines/detail ${SOURCE}/tests/machines/detail/*.hpp)
foreach(header IN LISTS replaced)
  file(COPY_FILE ${SOURCE}/tests/machines/detail/${header} ${TO}/parloop/detail/${header})
endforeach()

# change(file text instead): TEXT has to be there once.
function(change file text instead)
  file(READ ${TO}/parloop/detail/${file} content)
  string(FIND "${content}" "${text}" first)
  string(FIND "${content}" "${text}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "'${text}' is not once in ${file}: tests/machines has to follow it")
  endif()
  string(REPLACE "${text}" "${instead}" content "${content}")
  file(WRITE ${TO}/parloop/detail/${file} "${content}")
endfunction()

# Fibres share what is thread_local.
change(team/nesting.hpp "static thread_local constinit inline const inside* innermost = nullptr"
  "static inline ::machines::fibre_local<const inside*> innermost")
change(team/nesting.hpp "#include <cstdint>" "#include <cstdint>\n#include <machines/machine.hpp>")
change(base/caller_context.hpp "inline thread_local constinit backend* scoped_default = nullptr"
  "inline ::machines::fibre_local<backend*> scoped_default")
change(base/caller_context.hpp "#include <cstdint>" "#include <cstdint>\n#include <machines/machine.hpp>")
change(loop/pace.hpp "inline thread_local constinit pace pace_here{};"
  "inline ::machines::fibre_local<pace> pace_of_fibre;\n#define pace_here pace_of_fibre.here()")
change(base/place_in_loop.hpp "inline thread_local constinit place_in_loop place_here{};"
  "inline ::machines::fibre_local<place_in_loop> place_of_fibre;\n#define place_here (::parloop::detail::place_of_fibre.here())")
change(base/place_in_loop.hpp "#include \"atomic.hpp\"" "#include \"atomic.hpp\"\n#include <machines/machine.hpp>")
# The system: its affinity, and how many CPUs there are.
change(team/wake_affinity.hpp "basic_wake_affinity<system_affinity>" "basic_wake_affinity<simulated_affinity>")
change(base/cpu_count.hpp "  cpus c;\n" "  const int simulated = ::machines::here().cpus();\n  if (simulated > 0) return {simulated, simulated, 0};\n  cpus c;\n")
change(base/cpu_count.hpp "  return static_cast<int>(smaller<std::int64_t>(cgroup::limit(root)" "  if (::machines::here().cpus() > 0) return 0;\n  return static_cast<int>(smaller<std::int64_t>(cgroup::limit(root)")
change(base/cpu_count.hpp "#include <limits>" "#include <limits>\n#include <machines/machine.hpp>")

file(GLOB_RECURSE headers RELATIVE ${TO}/parloop ${TO}/parloop/*.hpp)
list(FILTER headers EXCLUDE REGEX "thread_number|^plug/|/(doctor|trace|backend|mpi)/|backend/(traced|doctor|openmp)|^cuda|^mpi")
foreach(header IN LISTS headers)
  file(STRINGS ${TO}/parloop/${header} found REGEX "thread_local [a-z]")
  if(found)
    message(FATAL_ERROR "${header} has a thread_local variable, which fibres would share: ${found}")
  endif()
endforeach()
