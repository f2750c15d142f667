// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// The histogram of a file's bytes: a worker reads the next block while all others count the last one.
//
//   c++ -std=c++20 -O2 -pthread -I include examples/launch.cpp -o launch && ./launch FILE
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <parloop/parloop.hpp>
#include <string>

namespace pl = parloop;

using histogram = std::array<long, 256>;

static std::string read_block(std::ifstream& file) {
  std::string block(std::size_t{4} << 20, '\0');
  file.read(block.data(), static_cast<std::streamsize>(block.size()));
  block.resize(static_cast<std::size_t>(file.gcount()));
  return block;
}

static histogram sum(histogram left, const histogram& right) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] += right[i];
  return left;
}

int main(int argc, char** argv) {
  std::ifstream file(argc > 1 ? argv[1] : argv[0], std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", argc > 1 ? argv[1] : argv[0]);
    return 1;
  }
  histogram all{};
  long size = 0;
  for (std::string block = read_block(file); !block.empty();) {
    auto next = pl::launch([&] { return read_block(file); });
    const auto bytes = pl::prange(std::ssize(block)).grain(1 << 16);
    const auto count = [&](pl::index_t begin, pl::index_t end, histogram counts) {
      for (pl::index_t i = begin; i < end; ++i)
        ++counts[static_cast<unsigned char>(block[static_cast<std::size_t>(i)])];
      return counts;
    };
    all = sum(all, pl::parallel_reduce_chunks(bytes, histogram{}, sum, count));
    size += std::ssize(block);
    block = next.wait();
  }
  long counted = 0;
  for (const long c : all) counted += c;
  std::printf("%ld bytes, of which %ld are zero\n", size, all[0]);
  return counted == size ? 0 : 1;
}
