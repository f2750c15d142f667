# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""conan create packaging/conan: makes the package of this checkout and runs its test package. Conan 2."""
import os

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load


class ParloopConan(ConanFile):
    name = "parloop"
    license = "MIT"
    description = "Parallel loops for C++20"
    topics = ("parallel", "threads", "loops", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _top(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        text = load(self, os.path.join(self._top, "include", "parloop", "version.hpp"))
        self.version = text.split('PARLOOP_VERSION "')[1].split('"')[0]

    def export_sources(self):
        copy(self, "LICENSE", self._top, self.export_sources_folder)
        copy(self, "include/parloop/*", self._top, self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "parloop")
        self.cpp_info.set_property("cmake_target_name", "parloop::parloop")
        self.cpp_info.set_property("pkg_config_name", "parloop")
        if self.settings.get_safe("os") in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
