# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# awk -f examples.awk HEADERS... SOURCES...: every function, class and member function that the headers declare for
# users, which is what follows a `///` comment outside of `namespace detail` and of private parts, is used in one of the
# sources, which the tests compile. Prints those that are not, and fails.

function declared(text,    name) {
  sub(/\/\/.*/, "", text)
  gsub(/\[\[[^]]*\]\]/, "", text)
  gsub(/\((min|max)\)/, " limit", text)  # in brackets for the sake of macros
  if (match(text, /^ *(template *<.*> *)?(requires [^(]* )?(class|struct) [a-z_0-9]+/)) {
    name = substr(text, RSTART, RLENGTH)
    sub(/.* /, "", name)
    classes[name] = 1
    if (name !~ /_(options|notes)$/) place["::" name "[^a-z_0-9]"] = file ": " name  # those are written {.threads = 4}
    return
  }
  while (match(text, /[A-Za-z0-9_>&*] +[a-z_][a-z_0-9]*\(/)) {
    name = substr(text, RSTART + 1, RLENGTH - 2)
    gsub(/ /, "", name)
    text = substr(text, RSTART + RLENGTH)
    if (name ~ /^(requires|noexcept|decltype|sizeof|explicit|operator|limit)$/ || name in classes) continue
    place["(::|[.])" name "[(<]"] = file ": " name "()"
    return
  }
}

FNR == 1 { file = FILENAME; in_detail = in_private = 0; declaration = ""; commented = 0 }
FILENAME !~ /include\/parloop\// { used = used "\n" $0; next }
/^namespace detail/ { in_detail = 1 }
/^}  \/\/ namespace detail/ { in_detail = 0 }
/^ (public|protected):/ || /^};/ { in_private = 0 }
/^ private:/ { in_private = 1 }
/^ *\/\/\// { commented = 1; declaration = ""; next }
in_detail || in_private || !commented { next }
{ declaration = declaration " " $0 }
/[{;]/ { commented = 0; declared(declaration) }

END {
  for (pattern in place) {
    ++count
    if (used !~ pattern) { print "no example in a test: " place[pattern]; bad = 1 }
  }
  print count " public names"
  exit bad || count < 50
}
