// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Programs that must not compile, one for each name that the compiler is given as a macro; the messages that they must
/// give stand in tests/CMakeLists.txt.
#include <list>
#include <map>
#include <parloop/parloop.hpp>
#include <string>
#include <vector>
#if defined(progress_bar_without_barkeep)
#include <parloop/progress_bar.hpp>
#elif defined(slip_stopped_sum_of_nothing)
#include <stop_token>
#endif

namespace pl = parloop;
using pl::index_t;

int main() {
  std::vector<int> v(10);
  [[maybe_unused]] const auto plus = [](double a, double b) { return a + b; };
  [[maybe_unused]] pl::serial pool;
  [[maybe_unused]] const auto one = [](index_t) { return 1.0; };
#if defined(everything_right)
  pl::parallel_for(pl::prange(10), [](index_t) {});
  pl::parallel_for(pl::grid(2, 5), [](index_t, index_t) {});
  pl::parallel_for(pl::grid(2, 5, 7), [](index_t, index_t, index_t) {});
  pl::parallel_for_chunks(pl::prange(10), [](index_t, index_t) {});
  pl::parallel_for(v, [](int&) {});
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double a, double b) { return a + b; }, [](index_t) { return 1; });
  (void)pl::parallel_sum(pl::grid(2, 5), [](index_t, index_t) { return 1.0; });
  (void)pl::parallel_argmin(pl::grid(2, 5, 7), [](index_t, index_t, index_t) { return 1.0; });
  (void)pl::make_array<double>(10, [](index_t i) { return i; });
  pl::exclusive_scan(v, v, 0);
  pl::inclusive_scan(v, v, [](int a, int b) { return a < b ? b : a; });
  pl::stencil(
      pl::view(v.data(), 5), pl::view(v.data() + 5, 5), [](auto at) { return at(-1) + at(1); }, pl::border::nearest());
  pl::for_each_row([](auto, int) {}, pl::view(v.data(), 2, 5), 1);
  pl::fill(pool, pl::options().threads(2), v, 1);
  (void)pl::parallel_reduce_chunks(pl::prange(10), plus, [](index_t, index_t) { return 1.0; });
  pl::launch([calls = 0]() mutable { ++calls; }).wait();
  pl::team(1, [](pl::member& me) { me.for_each(pl::prange(10), [](index_t) {}); });
#elif defined(for_two_indices_on_a_line)
  pl::parallel_for(pl::prange(10), [](index_t, index_t) {});
#elif defined(for_one_index_on_a_grid)
  pl::parallel_for(pl::grid(2, 5), [](index_t) {});
#elif defined(for_two_indices_in_a_box)
  pl::parallel_for(pl::grid(2, 5, 7), [](index_t, index_t) {});
#elif defined(for_mutable_body)
  int sum = 0;
  pl::parallel_for(pl::prange(10), [sum](index_t i) mutable { sum += static_cast<int>(i); });
#elif defined(for_functor_with_state)
  struct counting {
    int calls = 0;
    void operator()(index_t) { ++calls; }
  } body;
  pl::parallel_for(pl::prange(10), body);
#elif defined(for_elements_mutable)
  int sum = 0;
  pl::parallel_for(v, [sum](int& i) mutable { sum += i; });
#elif defined(chunks_mutable_body)
  index_t sum = 0;
  pl::parallel_for_chunks(pl::prange(10), [sum](index_t begin, index_t) mutable { sum += begin; });
#elif defined(scratch_mutable_body)
  int sum = 0;
  pl::parallel_for(
      pl::prange(10), [] { return 1; }, [sum](index_t, int& i) mutable { sum += i; });
#elif defined(map_mutable_function)
  int calls = 0;
  (void)pl::parallel_map(v, [calls](int) mutable { return ++calls; });
#elif defined(some_mutable_body)
  double calls = 0;
  (void)pl::parallel_reduce(pl::prange(10), plus, [calls](index_t) mutable { return calls += 1; });
#elif defined(some_combine_of_one_value)
  (void)pl::parallel_reduce(
      pl::prange(10), [](double) { return 1.0; }, one);
#elif defined(reduce_chunks_mutable_body)
  double calls = 0;
  (void)pl::parallel_reduce_chunks(pl::prange(10), 0.0, plus,
                                   [calls](index_t, index_t, double init) mutable { return calls += init; });
#elif defined(some_chunks_mutable_body)
  double calls = 0;
  (void)pl::parallel_reduce_chunks(pl::prange(10), plus, [calls](index_t, index_t) mutable { return calls += 1; });
#elif defined(team_mutable_body)
  int calls = 0;
  pl::team(1, [calls](pl::member&) mutable { ++calls; });
#elif defined(team_body_without_member)
  pl::team(1, [] {});
#elif defined(member_mutable_body)
  pl::team(1, [](pl::member& me) {
    int sum = 0;
    me.for_each(pl::prange(10), [sum](index_t) mutable { ++sum; });
  });
#elif defined(launch_with_an_argument)
  (void)pl::launch([](int) {});
#elif defined(detached_with_an_argument)
  pl::launch_detached([](int) {});
#elif defined(group_with_an_argument)
  pl::task_group group;
  group.run([](int) {});
#elif defined(for_body_of_text)
  pl::parallel_for(pl::prange(10), [](std::string) {});
#elif defined(chunks_with_one_index)
  pl::parallel_for_chunks(pl::prange(10), [](index_t) {});
#elif defined(for_elements_of_another_type)
  pl::parallel_for(v, [](std::string&) {});
#elif defined(for_iterators_with_two_arguments)
  pl::parallel_for(v.begin(), v.end(), [](int, int) {});
#elif defined(range_of_double)
  (void)pl::prange(1.5);
#elif defined(range_of_bool)
  (void)pl::prange(true);
#elif defined(backend_copied)
  pl::serial copy = pl::serial(pl::serial());
  pl::serial other(copy);
#elif defined(backend_temporary)
  pl::parallel_for(pl::serial(), pl::prange(10), [](index_t) {});
#elif defined(for_body_is_a_number)
  pl::parallel_for(pl::prange(10), 5);
#elif defined(reduce_two_indices_on_a_line)
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [](index_t, index_t) { return 1.0; });
#elif defined(reduce_one_index_on_a_grid)
  (void)pl::parallel_reduce(pl::grid(2, 5), 0.0, plus, [](index_t) { return 1.0; });
#elif defined(reduce_mutable_body)
  double calls = 0;
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [calls](index_t) mutable { return calls += 1; });
#elif defined(combine_of_text)
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](std::string a, std::string) { return a; }, one);
#elif defined(combine_returns_text)
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double, double) { return std::string(); }, one);
#elif defined(combine_of_one_value)
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double) { return 1.0; }, one);
#elif defined(combine_by_reference)
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double& a, double b) { return a += b; }, one);
#elif defined(combine_mutable)
  double calls = 0;
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [calls](double a, double) mutable { return calls += a; }, one);
#elif defined(reduce_body_returns_text)
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [](index_t) { return std::string(); });
#elif defined(reduce_body_returns_nothing)
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [](index_t) {});
#elif defined(sum_two_indices_on_a_line)
  (void)pl::parallel_sum(pl::prange(10), [](index_t, index_t) { return 1.0; });
#elif defined(sum_two_indices_in_a_box)
  (void)pl::parallel_sum(pl::grid(2, 5, 7), [](index_t, index_t) { return 1.0; });
#elif defined(sum_mutable_body)
  double calls = 0;
  (void)pl::parallel_sum(pl::prange(10), [calls](index_t) mutable { return calls += 1; });
#elif defined(min_two_indices_on_a_line)
  (void)pl::parallel_min(pl::prange(10), [](index_t, index_t) { return 1.0; });
#elif defined(max_mutable_body)
  double calls = 0;
  (void)pl::parallel_max(pl::prange(10), [calls](index_t) mutable { return calls += 1; });
#elif defined(argmin_one_index_on_a_grid)
  (void)pl::parallel_argmin(pl::grid(2, 5), one);
#elif defined(argmax_body_of_text)
  (void)pl::parallel_argmax(pl::prange(10), [](std::string) { return 1.0; });
#elif defined(fill_vector_bool)
  std::vector<bool> flags(10);
  pl::fill(flags, true);
#elif defined(transform_function_of_text)
  pl::transform(v, v, [](std::string) { return 1; });
#elif defined(transform_returns_text)
  pl::transform(v, v, [](int) { return std::string(); });
#elif defined(copy_to_constant)
  const std::vector<int> constant(10);
  pl::copy(v, constant);
#elif defined(transform_to_a_number)
  pl::transform(v, 5, [](int i) { return i; });
#elif defined(generate_mutable)
  int calls = 0;
  pl::generate(v, [calls](index_t) mutable { return ++calls; });
#elif defined(range_stop_by_a_number)
  (void)pl::prange(10).stop(5);
#elif defined(range_progress_of_one_argument)
  (void)pl::prange(10).progress([](int) {});
#elif defined(scratch_body_of_one_argument)
  pl::parallel_for(
      pl::prange(10), [] { return 1; }, [](index_t) {});
#elif defined(scratch_made_of_nothing)
  pl::parallel_for(
      pl::prange(10), [] {}, [](index_t, int&) {});
#elif defined(map_returns_nothing)
  (void)pl::parallel_map(v, [](int) {});
#elif defined(map_function_of_text)
  (void)pl::parallel_map(v, [](std::string) { return 1; });
#elif defined(scan_operation_of_one_value)
  pl::inclusive_scan(v, v, [](int a) { return a; });
#elif defined(scan_of_text)
  pl::inclusive_scan(std::vector<std::string>(10), v, [](int a, int) { return a; });
#elif defined(scan_to_constant)
  const std::vector<int> constant(10);
  pl::exclusive_scan(v, constant, 0);
#elif defined(stencil_function_of_a_number)
  const pl::view numbers(v.data(), 10);
  pl::stencil(
      numbers, numbers, [](int) { return 1; }, pl::border::nearest());
#elif defined(stencil_returns_text)
  const pl::view numbers(v.data(), 10);
  pl::stencil(
      numbers, numbers, [](auto) { return std::string(); }, pl::border::nearest());
#elif defined(row_shared_and_written)
  pl::for_each_row([](auto, auto) {}, pl::view(v.data(), 2, 5), pl::view(v.data(), 5));
#elif defined(row_function_of_one_row)
  pl::for_each_row([](auto) {}, pl::view(v.data(), 2, 5), 1);
#elif defined(row_of_text)
  pl::for_each_row([](auto) {}, std::string());
#elif defined(options_stop_by_a_number)
  (void)pl::options().stop(5);
#elif defined(options_progress_of_one_argument)
  (void)pl::options().progress([](int) {});
#elif defined(fill_with_a_range)
  pl::fill(pl::prange(10).threads(2), v, 1);
#elif defined(transform_with_a_range)
  pl::transform(pool, pl::prange(10), v, v, [](int i) { return i; });
#elif defined(transform_options_last)
  pl::transform(
      v, v, [](int i) { return i; }, pl::options().threads(2));
#elif defined(scan_with_a_range)
  pl::inclusive_scan(pl::prange(10), v, v);
#elif defined(make_array_with_a_range)
  (void)pl::make_array<double>(pl::prange(10), 10);
#elif defined(rows_with_a_range)
  pl::for_each_row(
      pl::prange(10), [](auto) {}, pl::view(v.data(), 2, 5));
#elif defined(array_of_text)
  (void)pl::make_array<std::string>(10);
#elif defined(array_of_constants)
  (void)pl::make_array<const int>(10, 5);
#elif defined(array_from_text)
  (void)pl::make_array<double>(10, std::string());
#elif defined(array_mutable_function)
  double calls = 0;
  (void)pl::make_array<double>(10, [calls](index_t) mutable { return calls += 1; });
#elif defined(for_writes_vector_bool)
  std::vector<bool> flags(10);
  pl::parallel_for(flags, [](auto flag) { flag = true; });
#elif defined(invoke_with_an_argument)
  pl::parallel_invoke([] {}, [](int) {});
#elif defined(slip_count_for_range)
  pl::parallel_for(10, [](index_t) {});
#elif defined(slip_begin_and_end)
  pl::parallel_for(0, v.size(), [](index_t) {});
#elif defined(slip_begin_end_step)
  pl::parallel_for(0, 10, 2, [](index_t) {});
#elif defined(slip_pool_and_count)
  pl::parallel_for(pool, 10, [](index_t) {});
#elif defined(slip_pool_begin_end)
  pl::parallel_for(pool, 0, 10, [](index_t) {});
#elif defined(slip_body_first)
  pl::parallel_for([](index_t) {}, pl::prange(10));
#elif defined(slip_pool_and_body_first)
  pl::parallel_for(
      pool, [](index_t) {}, pl::prange(10).progress([](index_t, index_t) {}));
#elif defined(slip_list)
  std::list<int> list(10);
  pl::parallel_for(list, [](int&) {});
#elif defined(slip_map)
  std::map<int, int> map;
  pl::parallel_for(pool, map, [](auto&) {});
#elif defined(slip_list_iterators)
  std::list<int> list(10);
  pl::parallel_for(list.begin(), list.end(), [](int&) {});
#elif defined(slip_range_of_real_numbers)
  pl::parallel_for(pl::prange(0.0, 1.0), [](index_t) {});
#elif defined(slip_real_step)
  pl::parallel_for(pl::prange(0, 1, 0.1), [](index_t) {});
#elif defined(slip_view_of_a_vector)
  const pl::view matrix(v, 2, 5);
#elif defined(slip_sum_of_nothing)
  (void)pl::parallel_sum(pl::prange(10), [](index_t) {});
#elif defined(slip_min_of_nothing)
  (void)pl::parallel_min(pl::prange(10), [](index_t) {});
#elif defined(slip_argmax_of_nothing)
  (void)pl::parallel_argmax(pl::grid(2, 5), [](index_t, index_t) {});
#elif defined(slip_integer_identity_of_real_body)
  (void)pl::parallel_reduce(pl::prange(10), 0, plus, one);
#elif defined(slip_stopped_sum_of_nothing)
  (void)pl::parallel_sum(pl::prange(10).stop(std::stop_token()), [](index_t) {});
#elif defined(slip_options_with_a_range)
  pl::parallel_for(pl::options().threads(2), pl::prange(10), [](index_t) {});
#elif defined(slip_pool_options_with_a_range)
  pl::parallel_for(pool, pl::options().threads(2), pl::grid(2, 5), [](index_t, index_t) {});
#endif
}
