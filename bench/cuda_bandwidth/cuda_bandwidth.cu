// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Memory bandwidth of copy, mul, add, triad and dot over 8-bit to 64-bit elements: parloop against
/// cub::DeviceTransform and cub::DeviceReduce, thrust, and cudaMemcpyAsync. Needs a GPU for its times to mean anything.
///
/// Arguments: smallest and largest log2 of the bytes per array (16 and 28), rounds (20), file for the results
/// (cuda_bandwidth.jsonl). One JSON object per line: bench, rival, workload, type, bytes_per_array, rounds, and over
/// the rounds the median, least and most seconds, and the bytes that the workload has to move. Rivals take turns within
/// a round, in an order that rotates. Every result is checked.
#include <cuda_fp16.h>
#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/inner_product.h>
#include <thrust/transform.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cub/device/device_transform.cuh>
#include <functional>
#include <parloop/cuda.cuh>
#include <parloop/cuda/reduce.cuh>
#include <string>
#include <vector>

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

struct rival {
  const char* name;
  std::function<void()> run;
};

/// What every workload of one type and size works on: a is all 1, b all 2.
template <class T>
struct arrays {
  explicit arrays(index_t n) : a(stream, n), b(stream, n), c(stream, n) {
    gpu::fill(stream, a, T(1));
    gpu::fill(stream, b, T(2));
  }
  gpu::stream stream;
  gpu::device_array<T> a, b, c;
};

struct settings {
  int rounds;
  std::FILE* results;
  bool all_right = true;
};

/// Seconds of one call on the device, by events.
double seconds(const gpu::stream& s, const std::function<void()>& run) {
  gpu::event start;
  gpu::event stop;
  start.record(s);
  run();
  stop.record(s);
  return 1e-3 * static_cast<double>(elapsed(start, stop).count());
}

/// `bytes` is what the workload has to move. `right` tells whether a run left the right result.
void compare(settings& o, const gpu::stream& s, const char* workload, const char* type, std::size_t bytes_per_array,
             std::size_t bytes, const std::vector<rival>& rivals, const std::function<bool()>& right) {
  std::vector<std::vector<double>> times(rivals.size());
  for (const rival& r : rivals) {  // loads the kernels, and checks
    r.run();
    if (!right()) {
      std::printf("%s by %s over %s: WRONG RESULT\n", workload, r.name, type);
      o.all_right = false;
    }
  }
  for (int round = 0; round < o.rounds; ++round) {
    for (std::size_t k = 0; k < rivals.size(); ++k) {
      const std::size_t turn = (k + static_cast<std::size_t>(round)) % rivals.size();
      times[turn].push_back(seconds(s, rivals[turn].run));
    }
  }
  for (std::size_t k = 0; k < rivals.size(); ++k) {
    auto& t = times[k];
    std::sort(t.begin(), t.end());
    const double median = t[t.size() / 2];
    std::fprintf(o.results,
                 "{\"bench\": \"cuda_bandwidth\", \"rival\": \"%s\", \"workload\": \"%s\", \"type\": \"%s\", "
                 "\"bytes_per_array\": %zu, \"rounds\": %d, \"seconds\": %.9g, \"seconds_min\": %.9g, "
                 "\"seconds_max\": %.9g, \"bytes\": %zu}\n",
                 rivals[k].name, workload, type, bytes_per_array, o.rounds, median, t.front(), t.back(), bytes);
    std::printf("%-6s %-4s %11zu bytes  %-16s %10.2f us %9.1f GB/s\n", workload, type, bytes_per_array, rivals[k].name,
                1e6 * median, 1e-9 * static_cast<double>(bytes) / median);
  }
}

template <class T>
bool all_are(const gpu::device_array<T>& c, T value) {
  for (T v : c.copy_to_host()) {
    if (!(static_cast<float>(v) == static_cast<float>(value))) return false;
  }
  return true;
}

void must(cudaError_t code) { gpu::detail::check(code, {"a rival's call"}, std::source_location::current()); }

template <class T>
void elementwise(settings& o, const char* type, index_t n) {
  arrays<T> w(n);
  const auto& s = w.stream;
  const T* a = w.a.data();
  const T* b = w.b.data();
  T* c = w.c.data();
  const std::size_t bytes = w.a.bytes();
  const auto policy = thrust::cuda::par_nosync.on(s.get());
  const thrust::device_ptr<const T> ta(a), tb(b);
  const thrust::device_ptr<T> tc(c);
  compare(o, s, "copy", type, bytes, 2 * bytes,
          {{"parloop", [&] { gpu::copy(s, w.a, w.c); }},
           {"cudaMemcpyAsync", [&] { must(cudaMemcpyAsync(c, a, bytes, cudaMemcpyDeviceToDevice, s.get())); }}},
          [&] { return all_are(w.c, T(1)); });
  compare(o, s, "mul", type, bytes, 2 * bytes,
          {{"parloop", [&] { gpu::transform(s, w.b, w.c, times_three{}); }},
           {"cub", [&] { must(cub::DeviceTransform::Transform(b, c, n, times_three{}, s.get())); }},
           {"thrust", [&] { thrust::transform(policy, tb, tb + n, tc, times_three{}); }}},
          [&] { return all_are(w.c, T(6)); });
  const auto two_inputs = [&](const char* name, auto f, T expected) {
    compare(o, s, name, type, bytes, 3 * bytes,
            {{"parloop", [&] { gpu::transform(s, w.a, w.b, w.c, f); }},
             {"cub", [&] { must(cub::DeviceTransform::Transform(::cuda::std::make_tuple(a, b), c, n, f, s.get())); }},
             {"thrust", [&] { thrust::transform(policy, ta, ta + n, tb, tc, f); }}},
            [&] { return all_are(w.c, expected); });
  };
  two_inputs("add", plus{}, T(3));
  two_inputs("triad", triad{}, T(7));
}

template <class T, class Sum>
void dot(settings& o, const char* type, index_t n) {
  arrays<T> w(n);
  const auto& s = w.stream;
  const T* a = w.a.data();
  const T* b = w.b.data();
  Sum result{};
  const thrust::device_ptr<const T> ta(a), tb(b);
  const auto policy = thrust::cuda::par.on(s.get());
  const product_at<T, Sum> at{a, b};
  compare(o, s, "dot", type, w.a.bytes(), 2 * w.a.bytes(),
          {{"parloop", [&] { result = gpu::parallel_reduce(s, parloop::prange(n), Sum(0), plus{}, at); }},
           {"thrust", [&] { result = thrust::inner_product(policy, ta, ta + n, tb, Sum(0), plus{}, product<Sum>{}); }}},
          // Every product is 2. Exact as long as the sum fits in the type's digits, else close.
          [&] { return std::abs(static_cast<double>(result) / (2.0 * static_cast<double>(n)) - 1) < 1e-3; });
}

int run(int argc, char** argv) {
  if (!gpu::available()) return std::printf("bandwidth: %s\n", gpu::describe().c_str()), 77;
  const auto argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  const std::string path = argc > 4 ? argv[4] : "cuda_bandwidth.jsonl";
  settings o{argument(3, 20), std::fopen(path.c_str(), "w")};
  if (o.results == nullptr) return std::printf("cannot write %s\n", path.c_str()), 1;
  std::printf("%s\n", gpu::describe().c_str());
  for (int log_bytes = argument(1, 16); log_bytes <= argument(2, 28); ++log_bytes) {
    const index_t bytes = index_t{1} << log_bytes;
    elementwise<signed char>(o, "I8", bytes);
    elementwise<__half>(o, "F16", bytes / 2);
    elementwise<float>(o, "F32", bytes / 4);
    elementwise<double>(o, "F64", bytes / 8);
    dot<signed char, float>(o, "I8", bytes);
    dot<__half, float>(o, "F16", bytes / 2);
    dot<float, float>(o, "F32", bytes / 4);
    dot<double, double>(o, "F64", bytes / 8);
  }
  std::fclose(o.results);
  std::printf("results in %s\n", path.c_str());
  return o.all_right ? 0 : 1;
}

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    return std::printf("bandwidth: %s\n", e.what()), 1;
  }
}
