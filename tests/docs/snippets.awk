# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# Makes one C++ file of pages of Markdown: each ```cpp block becomes a function, and so does each `statement;` in the
# text; a whole program stays as it is, but for the name of main. Lines with #include come first. Errors name the page
# and its line. What needs OpenMP, oneTBB, MPI or barkeep is left out where that is missing. Fails when there is nothing
# to compile.

function guarded(text) {
  if (text ~ /tbb/) return "#if __has_include(<tbb/tbb.h>)\n" text "#endif\n"
  if (text ~ /progress_bar/) return "#if __has_include(<barkeep/barkeep.h>)\n" text "#endif\n"
  if (text ~ /(^|[^a-z_])(mpi|ranks)[^a-z_]|MPI_/) return "#if __has_include(<mpi.h>)\n" text "#endif\n"
  if (text ~ /openmp|omp_/) return "#ifdef _OPENMP\n" text "#endif\n"
  return text
}
function snippet(line, code) {
  if (sub(/\nint main\(/, "\nint program_" ++count "(", code)) {
    sub(/}\n$/, "return 0;\n}\n", code)
    functions = functions "#line " line " \"" FILENAME "\"\n" code
    return
  }
  functions = functions guarded("void snippet_" ++count "() {\n#line " line " \"" FILENAME "\"\n" code "}\n")
}

/^```cpp$/ { inside = 1; first = FNR + 1; code = ""; next }
/^```/ { if (inside) snippet(first, code); inside = 0; next }
inside && /^#include/ { includes = includes guarded($0 "\n"); $0 = "" }
inside { code = code $0 "\n"; next }
{
  parts = split($0, part, "`")
  for (i = 2; i < parts; i += 2) if (part[i] ~ /;$/) snippet(FNR, part[i] "\n")
}
END {
  print "#include \"names.hpp\"\n" guarded("#include <tbb/tbb.h>\n") includes functions
  exit count == 0
}
