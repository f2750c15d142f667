#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# bare_debian.sh FOLDER: what the README's "Get it" says, by its own lines, in a Debian 12 with nothing in it, as root.
# FOLDER is made by debootstrap unless it is there. Prints the seconds that each line takes. Not a test of ctest's: it
# installs packages in FOLDER from Debian's archive, and Conan from PyPI.
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
bare=$1
[ -d "$bare" ] || debootstrap --variant=minbase bookworm "$bare" > "$bare.log" 2>&1 || { cat "$bare.log"; exit 1; }
rm -rf "$bare/root/parloop" "$bare/root/work"
mkdir -p "$bare/root/parloop" "$bare/root/work"
git -C "$source" archive HEAD | tar -x -C "$bare/root/parloop"
cp /etc/resolv.conf "$bare/etc/resolv.conf"
for settings in /etc/apt/apt.conf.d/*registry* /etc/pip.conf; do  # how this machine reaches the archives
  [ ! -e "$settings" ] || cp "$settings" "$bare$settings"
done
cp /etc/ssl/certs/ca-certificates.crt "$bare/root/certificates"
cp "$source/tests/consumer/consumer.cpp" "$bare/root/work"
mountpoint -q "$bare/proc" || mount -t proc proc "$bare/proc"
trap 'umount "$bare/proc"' EXIT

inside() {
  chroot "$bare" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C PIP_CERT=/root/certificates \
    DEBIAN_FRONTEND=noninteractive bash -euo pipefail -c "cd /root/$1; $2"
}
timed() {  # text, folder, commands
  start=$(date +%s.%N)
  inside "$2" "$3" > "$bare.log" 2>&1 || { cat "$bare.log"; echo "FAILED: $1"; exit 1; }
  echo "$(echo "$start $(date +%s.%N)" | awk '{ printf "%6.1f s", $2 - $1 }')  $1"
}
# The README's lines after a mark, and those of them that begin with a word, without their comments.
marked() { sed -n "/<!-- $1 -->/,/^\`\`\`$/p" "$source/README.md" | sed '1,2d; $d'; }
way() { marked ways | grep "^$1" | sed 's/  *#.*//'; }

timed "the run lines: a compiler is installed, 2 to 4 GiB are added to" parloop "$(marked run)"
tail -n 1 "$bare.log"
timed "the second of them, with the compiler there" parloop "$(marked run | tail -n 1)"
timed "the first program, from include/" parloop "g++ -std=c++20 -pthread -Iinclude examples/first_loop.cpp -o /root/work/first && /root/work/first"
timed "(apt-get install cmake make python3 git pkg-config)" work \
  "apt-get install -y -qq --no-install-recommends cmake make python3 git pkg-config"
timed "single header" parloop "$(way packaging/single_header.py); mv parloop.hpp ../work"
timed "  a program with it" work \
  "sed 's,<parloop/parloop.hpp>,\"parloop.hpp\",' consumer.cpp > one.cpp; g++ -std=c++20 -pthread one.cpp -o one && ./one"
timed "a program in one file" work "python3 ../parloop/packaging/single_header.py first_loop.cpp ../parloop/examples/first_loop.cpp
  g++ -std=c++20 -pthread first_loop.cpp -o first_loop && ./first_loop"
cmake_program='cmake_minimum_required(VERSION 3.23)\nproject(program CXX)\nadd_executable(program ../consumer.cpp)\n'
program_by() { echo "rm -rf by; mkdir by; printf '$cmake_program$1' > by/CMakeLists.txt; cmake -S by -B by/build; cmake --build by/build; by/build/program"; }
target='target_link_libraries(program PRIVATE parloop::parloop)\n'
timed "FetchContent, from a git repository" work "git config --global user.email a@b.c; git config --global user.name a
  git -C ../parloop init -q -b main; git -C ../parloop add .; git -C ../parloop commit -q -m all
  $(program_by "$(sed -n '/^```cmake$/,/^```$/p' "$source/README.md" | sed '/^```/d; s/ *#.*//; s,<where this is>,/root/parloop,' | awk '{ printf "%s\\n", $0 }')")"
timed "add_subdirectory" work "$(program_by "add_subdirectory(/root/parloop parloop)\n$target")"
timed "cmake --install" parloop "$(way 'cmake -B'); $(way 'cmake --install')"
timed "  find_package" work "$(program_by "find_package(parloop 0.2 REQUIRED)\n$target")"
timed "  pkg-config" work 'g++ -std=c++20 consumer.cpp $(pkg-config --cflags --libs parloop) -o found && ./found'
inside work "rm -rf /usr/local/include/parloop /usr/local/share/cmake/parloop /usr/local/share/pkgconfig/parloop.pc"
timed "Debian package" parloop "$(way cpack); apt-get install -y -qq ./build/libparloop-dev_*.deb"
timed "  find_package" work "$(program_by "find_package(parloop 0.2 REQUIRED)\n$target")"
timed "  pkg-config" work 'g++ -std=c++20 consumer.cpp $(pkg-config --cflags --libs parloop) -o found && ./found'
timed "  include it" work 'g++ -std=c++20 -pthread consumer.cpp -o found && ./found'
timed "(apt-get install meson)" work "apt-get install -y -qq --no-install-recommends meson"
timed "Meson" work "rm -rf m; mkdir -p m/subprojects; git -C ../parloop tag -f v0.2.0
  sed 's,^url = .*,url = file:///root/parloop,' ../parloop/packaging/parloop.wrap > m/subprojects/parloop.wrap
  printf \"project('p', 'cpp', default_options: ['cpp_std=c++20'])\nexecutable('p', 'consumer.cpp', dependencies: dependency('parloop'))\n\" > m/meson.build
  cp consumer.cpp m; meson setup m/build m; ninja -C m/build; m/build/p"
timed "(apt-get install python3-venv; pip install conan)" work \
  "apt-get install -y -qq --no-install-recommends python3-venv; python3 -m venv tools; tools/bin/pip install -q conan"
timed "Conan" parloop "PATH=/root/work/tools/bin:\$PATH; conan profile detect --force; $(way conan)"
