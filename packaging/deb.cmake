# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT

# Included by CMakeLists.txt: cmake -B build/deb ... && cpack --config build/deb/CPackConfig.cmake -G DEB makes the
# package libparloop-dev, of headers, CMake package and parloop.pc. Run again by cpack, it adds what only Debian asks
# for. SOURCE_DATE_EPOCH sets the date in the package's changelog.
if(CPACK_TEMPORARY_DIRECTORY)  # within cpack
  set(doc ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/libparloop-dev)
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(WRITE ${doc}/changelog.Debian "parloop (${CPACK_PACKAGE_VERSION}-1) unstable; urgency=medium\n\n"
    "  * The package of version ${CPACK_PACKAGE_VERSION}, made by CPack.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(COPY_FILE ${CPACK_PARLOOP_SOURCE}/CHANGELOG.md ${doc}/changelog)
  file(READ ${CPACK_PARLOOP_SOURCE}/LICENSE licence)
  string(REGEX REPLACE "^MIT License\n\n[^\n]*\n\n" "" licence "${licence}")
  string(REGEX REPLACE "\n\n" "\n.\n" licence "${licence}")
  string(REGEX REPLACE "\n(.)" "\n \\1" licence "${licence}")
  file(WRITE ${doc}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
    "Upstream-Name: parloop\n\nFiles: *\nCopyright: 2026 the parloop authors\nLicense: Expat\n ${licence}")
  execute_process(COMMAND gzip -9n ${doc}/changelog ${doc}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB files ${doc}/*)
  file(CHMOD ${files} FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PARLOOP_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_FILE})
set(CPACK_PACKAGE_CONTACT "the parloop authors <parloop@parloop.invalid>" CACHE STRING "Who answers for packages")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "parallel loops for C++20, header-only")
set(CPACK_PACKAGE_VENDOR "the parloop authors")
set(CPACK_DEBIAN_PACKAGE_NAME libparloop-dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Loops over indices, grids and containers, reductions, scans, stencils and row
functions on the CPUs that a process may really use. Loops that are too short
to gain stay in their caller, and threads fall silent when the work is done.
Backends on OpenMP and oneTBB are there for programs that link these.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
