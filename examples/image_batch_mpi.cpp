// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// Blurs generated images of three sizes on all ranks of an MPI job. Who has time takes the next ones, and rank 0 gets
// the results, in order. The argument is the number of images.
//   mpicxx -std=c++20 -O3 -march=native -pthread -Iinclude examples/image_batch_mpi.cpp -o image_batch_mpi
//   mpirun -n 2 ./image_batch_mpi 60
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <parloop/mpi.hpp>
#include <span>
#include <vector>

namespace pl = parloop;
namespace mpi = parloop::mpi;
using image = std::vector<float>;  // square

static image blurred(pl::index_t number) {
  const pl::index_t width = 128 << (number % 3);  // 128, 256 or 512 pixels
  image in(static_cast<std::size_t>(width * width)), out(in.size());
  for (pl::index_t p = 0; p < width * width; ++p) {
    in[static_cast<std::size_t>(p)] = static_cast<float>((p * p + p * number) % 251);
  }
  // Each pixel becomes the mean of 17 along its row; beyond the border its pixels repeat.
  for (pl::index_t p = 0; p < width * width; ++p) {
    for (pl::index_t k = -8; k <= 8; ++k) {
      const pl::index_t x = std::clamp<pl::index_t>(p % width + k, 0, width - 1);
      out[static_cast<std::size_t>(p)] += in[static_cast<std::size_t>(p / width * width + x)] / 17;
    }
  }
  return out;
}

static int run(pl::index_t count) {
  const mpi::communicator ranks;
  const auto as_bytes = mpi::packed([](const image& i) { return i; },
                                    [](std::span<const std::byte> bytes) {
                                      const auto* first = reinterpret_cast<const float*>(bytes.data());
                                      return image(first, first + bytes.size() / sizeof(float));
                                    });
  const double start = MPI_Wtime();
  const std::vector<image> images =
      mpi::parallel_map(ranks, pl::prange(count), blurred, mpi::dynamic(), mpi::on_rank{0}, as_bytes);
  if (ranks.rank() != 0) return 0;
  const double seconds = MPI_Wtime() - start;
  bool right = static_cast<pl::index_t>(images.size()) == count;
  for (pl::index_t i = 0; right && i < count; i += 7) right = images[static_cast<std::size_t>(i)] == blurred(i);
  std::printf("%ld images on %d ranks: %.3f s, %s\n", long(count), ranks.size(), seconds,
              right ? "equal" : "NOT EQUAL");
  return right ? 0 : 1;
}

int main(int argc, char** argv) {
  int level = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
  const int failed = run(argc > 1 ? std::atol(argv[1]) : 60);
  return MPI_Finalize(), failed;
}
