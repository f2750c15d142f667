# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# awk -f prose.awk FILE...: no line of prose is longer than 120 characters: text of Markdown pages, and comments that
# have a line of their own. What
# cannot be wrapped does not count: rows of tables, pictures, the marks of generated regions, and where links lead.
FNR == 1 { fence = 0; page = FILENAME ~ /[.]md$/ }
/^ *```/ { fence = !fence }
/^[|]|<picture>/ { next }
!page && !/^[ \t]*(\/\/|# )/ { next }
{
  line = $0
  gsub(/<!--[^>]*-->/, "", line)
  gsub(/\]\([^)]*\)/, "]", line)
  gsub(/https?:[^ )]*/, "", line)
  ++lines
  if (length(line) > 120) {
    print FILENAME ":" FNR ": " length(line) " characters: " substr(line, 1, 60) " ..."
    ++bad
  }
}
END {
  if (lines < 1000) {
    print "only " lines + 0 " lines looked at"
    exit 1
  }
  print lines " lines, " bad + 0 " too long"
  exit bad > 0
}
