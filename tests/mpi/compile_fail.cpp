// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Programs on parloop/mpi.hpp that must not compile, one for each name that the compiler is given as a macro; the
/// messages that they must give stand in tests/mpi/CMakeLists.txt.
#include <list>
#include <parloop/mpi.hpp>
#include <string>
#include <vector>

namespace pl = parloop;
namespace mpi = parloop::mpi;
using pl::index_t;

int main() {
  const mpi::communicator ranks;
  mpi::array<double> numbers(ranks, 10);
  mpi::array<double, 2> plate(ranks, 10, 10);
  [[maybe_unused]] mpi::array<double, 2> other(ranks, 10, 10);
  [[maybe_unused]] std::vector<double> v(10);
#if defined(everything_right)
  mpi::parallel_for(ranks, pl::prange(10), [](index_t) {});
  mpi::parallel_for(
      ranks, pl::grid(2, 5), [](index_t, index_t) {}, mpi::cyclic());
  mpi::parallel_for_chunks(
      ranks, pl::prange(10), [](index_t, index_t) {}, mpi::dynamic());
  (void)mpi::parallel_sum(ranks, pl::grid(2, 5), [](index_t, index_t) { return 1.0; });
  (void)mpi::parallel_map(
      ranks, pl::prange(10), [](index_t i) { return i; }, mpi::on_rank{0});
  (void)mpi::parallel_map(
      ranks, pl::prange(10), [](index_t) { return std::string(); },
      mpi::packed([](const std::string& s) { return s; }, [](std::span<const std::byte>) { return std::string(); }));
  mpi::transform(plate, other, [](double x) { return x; });
  mpi::generate(plate, [](index_t, index_t) { return 1.0; });
  mpi::inclusive_scan(numbers, numbers);
  mpi::stencil(
      plate, other, [](auto at) { return at(-1, 0) + at(0, 1); }, pl::border::nearest());
#elif defined(for_two_indices_on_a_line)
  mpi::parallel_for(ranks, pl::prange(10), [](index_t, index_t) {});
#elif defined(for_one_index_on_a_grid)
  mpi::parallel_for(
      ranks, pl::grid(2, 5), [](index_t) {}, mpi::cyclic());
#elif defined(for_mutable_body)
  index_t sum = 0;
  mpi::parallel_for(ranks, pl::prange(10), [sum](index_t i) mutable { sum += i; });
#elif defined(for_count_for_range)
  mpi::parallel_for(ranks, 10, [](index_t) {});
#elif defined(chunks_with_one_index)
  mpi::parallel_for_chunks(ranks, pl::prange(10), [](index_t) {});
#elif defined(sum_two_indices_on_a_line)
  (void)mpi::parallel_sum(ranks, pl::prange(10), [](index_t, index_t) { return 1.0; });
#elif defined(min_one_index_on_a_grid)
  (void)mpi::parallel_min(ranks, pl::grid(2, 5), [](index_t) { return 1.0; });
#elif defined(reduce_to_text)
  (void)mpi::parallel_reduce(
      ranks, pl::prange(10), std::string(), [](std::string a, std::string b) { return a + b; },
      [](index_t) { return std::string(); });
#elif defined(map_two_indices_on_a_line)
  (void)mpi::parallel_map(ranks, pl::prange(10), [](index_t, index_t) { return 1.0; });
#elif defined(map_to_text_unpacked)
  (void)mpi::parallel_map(ranks, pl::prange(10), [](index_t) { return std::string(); });
#elif defined(array_of_text)
  const mpi::array<std::string> texts(ranks, 10);
#elif defined(array_of_bool)
  const mpi::array<bool> flags(ranks, 10);
#elif defined(array_with_one_extent_of_two)
  const mpi::array<double, 2> flat(ranks, 10);
#elif defined(scan_operation_of_one_value)
  mpi::inclusive_scan(numbers, numbers, [](double a) { return a; });
#elif defined(stencil_returns_text)
  mpi::stencil(
      plate, other, [](auto) { return std::string(); }, pl::border::nearest());
#elif defined(stencil_of_radius_400)
  mpi::stencil<400>(
      plate, other, [](auto at) { return at(0, 0); }, pl::border::nearest());
#elif defined(transform_of_a_vector)
  mpi::transform(v, numbers, [](double x) { return x; });
#elif defined(transform_function_of_text)
  mpi::transform(plate, other, [](std::string) { return 1.0; });
#elif defined(communicator_copied)
  const mpi::communicator same(ranks);
#endif
}
