// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Memory bandwidth of copy, mul, add, triad and dot over 8-bit to 64-bit elements: parloop against
/// cub::DeviceTransform and cub::DeviceReduce, thrust, and cudaMemcpyAsync. Needs a GPU for its times to mean anything.
///
/// Arguments, after Google Benchmark's flags: smallest and largest log2 of the bytes per array (16 and 28), most calls
/// in a sample (100). Times are the device's, by events, of calls that follow one another: arrays that fit in the
/// device's caches stay there.
#include <benchmark/benchmark.h>
#include <cuda_fp16.h>
#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/inner_product.h>
#include <thrust/transform.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cub/device/device_transform.cuh>
#include <memory>
#include <parloop/cuda.cuh>
#include <parloop/cuda/reduce.cuh>
#include <stdexcept>
#include <string>
#include <vector>

#include "../common/contest.hpp"
#include "../common/timing.hpp"

namespace gpu = parloop::cuda;  // CUB brings its own namespace cuda
using parloop::index_t;

struct times_three {
  template <class T>
  __host__ __device__ T operator()(T a) const {
    return static_cast<T>(T(3) * a);
  }
};
struct plus {
  template <class T>
  __host__ __device__ T operator()(T a, T b) const {
    return static_cast<T>(a + b);
  }
};
struct triad {
  template <class T>
  __host__ __device__ T operator()(T a, T b) const {
    return static_cast<T>(a + T(3) * b);
  }
};
/// Products of a dot are summed in a type that holds the sum: float for I8 and F16.
template <class Sum>
struct product {
  template <class T>
  __host__ __device__ Sum operator()(T a, T b) const {
    return static_cast<Sum>(a) * static_cast<Sum>(b);
  }
};
template <class T, class Sum>
struct product_at {
  const T* a;
  const T* b;
  __host__ __device__ Sum operator()(index_t i) const { return product<Sum>{}(a[i], b[i]); }
};

/// What every workload of one type and size works on: a is all 1, b all 2.
template <class T>
struct arrays {
  explicit arrays(index_t n) : a(stream, n), b(stream, n), c(stream, n), faults(stream, 1) {
    gpu::fill(stream, a, T(1));
    gpu::fill(stream, b, T(2));
  }
  gpu::stream stream;
  gpu::device_array<T> a, b, c;
  gpu::device_array<int> faults;
};

/// The arrays of the contest that is running; those of the one before are freed first.
std::shared_ptr<void> current;
const void* current_key = nullptr;

template <class T>
arrays<T>& arrays_for(const void* contest, index_t n) {
  if (current_key != contest) {
    current_key = nullptr;
    current.reset();
    current = std::make_shared<arrays<T>>(n);
    current_key = contest;
  }
  return *static_cast<arrays<T>*>(current.get());
}

/// `moved_bytes` is what the workload has to read and write.
struct contest {
  std::string workload, type;
  std::size_t array_bytes, moved_bytes;
  [[nodiscard]] std::string name() const {
    return "cuda_bandwidth/" + workload + "/" + type + "/" + std::to_string(array_bytes);
  }
};
std::vector<std::unique_ptr<contest>> contests;
int most_calls = 100;

/// Times calls of `run` on the device, by events. A first call loads the kernel and wakes the device.
template <class Run>
bench::sample timed(const gpu::stream& s, std::size_t array_bytes, const Run& run) {
  const auto calls = static_cast<int>(
      std::clamp<std::size_t>((std::size_t{1} << 26) / array_bytes, 1, static_cast<std::size_t>(most_calls)));
  gpu::event start, stop;
  run();
  s.synchronize();
  const bench::cpu_meter cpu;
  start.record(s);
  for (int i = 0; i < calls; ++i) run();
  stop.record(s);
  const double seconds = 1e-3 * static_cast<double>(elapsed(start, stop).count());
  return {seconds / calls, cpu.burnt() / calls};
}

/// Throws unless all of c is `expected`.
template <class T>
void require_all(arrays<T>& w, T expected) {
  gpu::fill(w.stream, w.faults, 0);
  const auto c = std::as_const(w.c).view();
  const auto faults = w.faults.view();
  gpu::parallel_for(w.stream, parloop::prange(c.size()), [=] __device__(index_t i) {
    if (!(c[i] == expected)) atomicAdd(faults.data(), 1);
  });
  if (w.faults.copy_to_host()[0] != 0) throw std::runtime_error("wrong result");
}

void must(cudaError_t code) { gpu::detail::check(code, {"a rival's call"}, std::source_location::current()); }

/// Rivals of one workload: run(w) leaves `expected` in all of c.
template <class T>
class element_wise {
 public:
  element_wise(const char* workload, const char* type, std::size_t array_bytes, int arrays_moved, T expected)
      : key_(contests.emplace_back(new contest{workload, type, array_bytes, arrays_moved * array_bytes}).get()),
        expected_(expected) {}

  template <class Run>
  element_wise& add(const char* name, Run run) {
    rivals_.push_back({name, [key = key_, expected = expected_, run] {
                         auto& w = arrays_for<T>(key, static_cast<index_t>(key->array_bytes / sizeof(T)));
                         gpu::fill(w.stream, w.c, T(0));
                         const bench::sample taken = timed(w.stream, key->array_bytes, [&] { run(w); });
                         require_all(w, expected);
                         return taken;
                       }});
    return *this;
  }
  void enter() { bench::add_contest(key_->name(), std::move(rivals_)); }

 private:
  const contest* key_;
  T expected_;
  std::vector<bench::rival> rivals_;
};

template <class T>
auto thrust_policy(const arrays<T>& w) {
  return thrust::cuda::par_nosync.on(w.stream.get());
}

template <class T, class F>
void two_inputs(const char* workload, const char* type, std::size_t bytes, F f, T expected) {
  using in = thrust::device_ptr<const T>;
  element_wise<T>(workload, type, bytes, 3, expected)
      .add("parloop", [f](arrays<T>& w) { gpu::transform(w.stream, w.a, w.b, w.c, f); })
      .add("cub",
           [f](arrays<T>& w) {
             const auto inputs = ::cuda::std::make_tuple(std::as_const(w.a).data(), std::as_const(w.b).data());
             must(cub::DeviceTransform::Transform(inputs, w.c.data(), w.c.size(), f, w.stream.get()));
           })
      .add("thrust",
           [f](arrays<T>& w) {
             const in a(w.a.data()), b(w.b.data());
             thrust::transform(thrust_policy(w), a, a + w.c.size(), b, thrust::device_ptr<T>(w.c.data()), f);
           })
      .enter();
}

template <class T>
void element_wise_workloads(const char* type, std::size_t bytes) {
  using in = thrust::device_ptr<const T>;
  element_wise<T>("copy", type, bytes, 2, T(1))
      .add("parloop", [](arrays<T>& w) { gpu::copy(w.stream, w.a, w.c); })
      .add("cudaMemcpyAsync",
           [](arrays<T>& w) {
             must(cudaMemcpyAsync(w.c.data(), w.a.data(), w.a.bytes(), cudaMemcpyDeviceToDevice, w.stream.get()));
           })
      .enter();
  element_wise<T>("mul", type, bytes, 2, T(6))
      .add("parloop", [](arrays<T>& w) { gpu::transform(w.stream, w.b, w.c, times_three{}); })
      .add("cub",
           [](arrays<T>& w) {
             const T* b = w.b.data();
             must(cub::DeviceTransform::Transform(b, w.c.data(), w.c.size(), times_three{}, w.stream.get()));
           })
      .add("thrust",
           [](arrays<T>& w) {
             const in b(w.b.data());
             thrust::transform(thrust_policy(w), b, b + w.c.size(), thrust::device_ptr<T>(w.c.data()), times_three{});
           })
      .enter();
  two_inputs<T>("add", type, bytes, plus{}, T(3));
  two_inputs<T>("triad", type, bytes, triad{}, T(7));
}

/// Both rivals wait for the result and allocate scratch memory in every call.
template <class T, class Sum>
void dot(const char* type, std::size_t bytes) {
  const contest* key = contests.emplace_back(new contest{"dot", type, bytes, 2 * bytes}).get();
  const auto rival = [key](const char* name, auto product_sum) {
    return bench::rival{name, [key, product_sum] {
                          auto& w = arrays_for<T>(key, static_cast<index_t>(key->array_bytes / sizeof(T)));
                          Sum result{};
                          const auto taken = timed(w.stream, key->array_bytes, [&] { result = product_sum(w); });
                          // Every product is 2. Exact as long as the sum fits in the type's digits, else close.
                          const double expected = 2.0 * static_cast<double>(w.a.size());
                          if (std::abs(static_cast<double>(result) / expected - 1) < 1e-3) return taken;
                          throw std::runtime_error("wrong result");
                        }};
  };
  bench::add_contest(key->name(),
                     {rival("parloop",
                            [](arrays<T>& w) {
                              const product_at<T, Sum> at{w.a.data(), w.b.data()};
                              return gpu::parallel_reduce(w.stream, parloop::prange(w.a.size()), Sum(0), plus{}, at);
                            }),
                      rival("thrust", [](arrays<T>& w) {
                        const thrust::device_ptr<const T> a(w.a.data()), b(w.b.data());
                        const auto policy = thrust::cuda::par.on(w.stream.get());
                        return thrust::inner_product(policy, a, a + w.a.size(), b, Sum(0), plus{}, product<Sum>{});
                      })});
}

void print() {
  bench::head("Device times by events: median [quartiles], GB/s read and written",
              {"workload", "type", "bytes per array", "rival", "median", "quartiles", "GB/s"});
  for (const auto& c : contests) {
    const bench::result& r = bench::result_of(c->name());
    if (r.empty()) continue;
    for (const std::string& name : r.names) {
      bench::row({c->workload, c->type, std::to_string(c->array_bytes), name, bench::time_text(r.median(name)),
                  r.quartiles(name), bench::number(1e-9 * static_cast<double>(c->moved_bytes) / r.median(name), 1)});
    }
  }
}

int run(int argc, char** argv) {
  bench::initialize(argc, argv, 20);
  if (!gpu::available()) return std::printf("bandwidth: %s\n", gpu::describe().c_str()), 77;
  benchmark::AddCustomContext("gpu", gpu::describe());
  const auto argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  most_calls = std::max(1, argument(3, 100));
  for (int log_bytes = argument(1, 16); log_bytes <= argument(2, 28); ++log_bytes) {
    const std::size_t bytes = std::size_t{1} << log_bytes;
    element_wise_workloads<signed char>("I8", bytes);
    element_wise_workloads<__half>("F16", bytes);
    element_wise_workloads<float>("F32", bytes);
    element_wise_workloads<double>("F64", bytes);
    dot<signed char, float>("I8", bytes);
    dot<__half, float>("F16", bytes);
    dot<float, float>("F32", bytes);
    dot<double, double>("F64", bytes);
  }
  const bool right = bench::run();
  print();
  current.reset();
  return right ? 0 : 1;
}

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    return std::printf("bandwidth: %s\n", e.what()), 1;
  }
}
