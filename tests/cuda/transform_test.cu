// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// transform, generate and fill: every size, element size, number of inputs and alignment; and how memory is accessed.
/// Arguments: `quick` for fewer sizes; or the parts to run, `1_byte`, `2_bytes`, `4_bytes`, `8_bytes`, `mixed`, in
/// full.
#include <cuda_fp16.h>

#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::index_t;

/// Elements without a vector access, and one that fills it.
struct triple {
  int a, b, c;
};
struct alignas(16) quad {
  long long a, b;
};

template <class T>
__host__ __device__ T from_int(int v) {
  return static_cast<T>(v);
}
template <>
__host__ __device__ triple from_int(int v) {
  return {v, v + 1, v + 2};
}
template <>
__host__ __device__ quad from_int(int v) {
  return {v, -v};
}
template <class T>
__host__ __device__ int to_int(T v) {
  return static_cast<int>(v);
}
template <>
__host__ __device__ int to_int(__half v) {
  return static_cast<int>(__half2float(v));
}
template <>
__host__ __device__ int to_int(triple v) {
  return v.b == v.a + 1 && v.c == v.a + 2 ? v.a : -1;
}
template <>
__host__ __device__ int to_int(quad v) {
  return v.b == -v.a ? static_cast<int>(v.a) : -1;
}

/// The function under test: a weighted sum, so that swapped inputs show, or the index itself. Results are below 128, so
/// that every type holds them.
template <class Out>
struct weigh {
  __host__ __device__ Out operator()(index_t i) const { return from_int<Out>(static_cast<int>(i % 97)); }
  template <class... In>
  requires(!std::is_same_v<index_t, In> && ...) __host__ __device__ Out operator()(In... in) const {
    int weight = 0;
    int sum = 1;
    ((sum += ++weight * to_int(in)), ...);
    return from_int<Out>(sum);
  }
};
inline int input_value(int which, index_t i) { return static_cast<int>((i * (which + 3) + which) % 19); }

/// Room for arrays of up to `most` elements at any offset below `margin`.
constexpr index_t margin = 16;

template <class Out, class... In>
class transform_case {
  static constexpr int inputs = sizeof...(In);
  static constexpr int lanes = cuda::detail::lanes_of<Out, In...>;

 public:
  explicit transform_case(index_t most)
      : out_(s_, most + 2 * margin),
        untouched_(cuda::device_array_like(out_)),
        in_{cuda::device_array<In>(s_, most + 2 * margin)...} {
    cuda::fill(s_, untouched_, from_int<Out>(101));
    fill_inputs(std::index_sequence_for<In...>());
  }

  /// One call on `n` elements, `out_offset` and `in_offset` elements into their arrays.
  void run(index_t n, index_t out_offset = 0, index_t in_offset = 0) {
    run_on(n, out_offset, in_offset, std::index_sequence_for<In...>());
  }

 private:
  template <std::size_t... I>
  void fill_inputs(std::index_sequence<I...>) {
    [[maybe_unused]] const auto one = [&]<class T>(int which, cuda::device_array<T>& a) {
      std::vector<T> host(static_cast<std::size_t>(a.size()));
      for (index_t i = 0; i < a.size(); ++i) host[static_cast<std::size_t>(i)] = from_int<T>(input_value(which, i));
      a.copy_from_host(host);
    };
    (one(static_cast<int>(I), std::get<I>(in_)), ...);
  }

  template <std::size_t... I>
  void run_on(index_t n, index_t out_offset, index_t in_offset, std::index_sequence<I...>) {
    const std::size_t all = static_cast<std::size_t>(n + 2 * margin);
    const auto whole = out_.view().part(0, n + 2 * margin);
    cuda::copy(s_, untouched_.view().part(0, n + 2 * margin), whole);
    const auto before = test::launches();
    const auto out = whole.part(out_offset, n);
    cuda::transform(s_, std::get<I>(in_).view().part(in_offset, n)..., out, weigh<Out>{});
    if (test::emulated()) CHECK(test::launches() == before + (n > 0));
    if (test::emulated() && n > 0) check_accesses(n, out.data(), (std::get<I>(in_).data() + in_offset)...);

    host_.resize(static_cast<std::size_t>(out_.size()));
    out_.copy_to_host(host_);
    index_t wrong = 0;
    for (std::size_t k = 0; k < all; ++k) {
      const index_t i = static_cast<index_t>(k) - out_offset;
      int expected = 101;
      if (i >= 0 && i < n) {
        if constexpr (inputs == 0) {
          expected = to_int(weigh<Out>{}(i));
        } else {
          expected = to_int(weigh<Out>{}(from_int<In>(input_value(static_cast<int>(I), i + in_offset))...));
        }
      }
      wrong += to_int(host_[k]) != expected;
    }
    if (!CHECK(wrong == 0)) {
      std::printf("  %d inputs, out %zu bytes, n %lld, offsets %lld %lld: %lld wrong\n", inputs, sizeof(Out),
                  static_cast<long long>(n), static_cast<long long>(out_offset), static_cast<long long>(in_offset),
                  static_cast<long long>(wrong));
    }
  }

  /// Each element written once and read once, and by 16 bytes wherever the operands' alignment allows.
  template <class... Pointers>
  void check_accesses(index_t n, const Out* out, Pointers... in) {
    const auto c = test::last_kernel();
    CHECK(c.races == 0 && c.uninitialised == 0);
    CHECK(c.store_bytes == static_cast<unsigned long long>(n) * sizeof(Out));
    const auto bytes = static_cast<unsigned long long>(n) * (sizeof(In) + ... + 0);
    // The compiler may load less of an element than there is, when the function needs only that.
    CHECK(((sizeof(In) == sizeof(Out)) && ...) ? c.load_bytes == bytes : c.load_bytes <= bytes);
    if constexpr (cuda::detail::has_packs<Out, In...>) {
      const int head = cuda::detail::misaligned_head<lanes>(out, in...);
      const bool vectors = head < lanes && n >= head;
      const auto per_warp = static_cast<unsigned long long>(32 * lanes);
      // Full tiles go by packs; the smaller of the two tile sizes leaves less than one such tile to single elements.
      const auto tile = static_cast<unsigned long long>(256 * lanes * cuda::detail::packs_for(sizeof...(In)));
      const auto least = vectors ? (static_cast<unsigned long long>(n - head) / tile) * tile / per_warp : 0;
      const auto most = vectors ? static_cast<unsigned long long>(n - head) / per_warp : 0;
      if constexpr (sizeof(Out) * lanes == 16 && lanes > 1) {
        CHECK(c.stores_16 >= least && c.stores_16 <= most);
      }
      if constexpr (sizeof...(In) > 0 && ((sizeof(In) * lanes == 16 && lanes > 1) && ...)) {
        CHECK(c.loads_16 >= least * sizeof...(In) && c.loads_16 <= most * sizeof...(In));
      }
      const auto on_sector = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 32 == 0; };
      if (n >= 100000 && on_sector(out) && (on_sector(in) && ...)) {
        CHECK(test::coalescing(c.load_bytes, c.load_sectors) >= 0.99);
        CHECK(test::coalescing(c.store_bytes, c.store_sectors) >= 0.99);
      }
    }
  }

  cuda::stream s_;
  cuda::device_array<Out> out_;
  cuda::device_array<Out> untouched_;
  std::tuple<cuda::device_array<In>...> in_;
  std::vector<Out> host_;
};

static bool quick = false;

/// `every`: no size is left out.
template <class Out, class... In>
void sizes(bool every = false) {
  constexpr index_t tile = 256 * cuda::detail::lanes_of<Out, In...> * cuda::detail::packs_for(sizeof...(In));
  transform_case<Out, In...> c(std::max<index_t>(3000, 5 * tile + 3));
  for (index_t n = 0; n <= 3000; n += !every && n > 40 && n < 2990 ? 61 : 1) c.run(n);
  for (index_t tiles : {1, 2, 3, 5}) {
    for (index_t d : {-3, -2, -1, 0, 1, 2, 3}) {
      if (every || d == 0 || d == 1 || tiles == 5) c.run(tiles * tile + d);
    }
  }
}

/// Every pair of offsets up to a pack: the packs of all operands, of some, or of none become aligned after a head.
template <class Out, class... In>
void alignments() {
  constexpr int lanes = cuda::detail::lanes_of<Out, In...>;
  constexpr index_t tile = 256 * lanes;
  transform_case<Out, In...> c(2 * tile + 40);
  const index_t skip = quick && lanes > 4 ? 5 : 1;
  for (index_t o = 0; o < std::max(2, lanes); o += skip) {
    for (index_t i = 0; i < (sizeof...(In) == 0 ? 1 : std::max(2, lanes)); i += skip) {
      for (index_t n : {index_t{1}, index_t{lanes}, tile - 1, tile + lanes + 1}) c.run(n, o, i);
    }
    c.run(2 * tile + 39, o, o);
    c.run(2 * tile + 39, o, 0);
  }
}

template <class T>
void element_size() {
  sizes<T>(!quick);
  sizes<T, T>(!quick);
  sizes<T, T, T>(!quick);
  sizes<T, T, T, T>(!quick);
  alignments<T>();
  alignments<T, T>();
  alignments<T, T, T>();
  alignments<T, T, T, T>();
}

void mixed_element_sizes() {
  sizes<double, float>(!quick);
  sizes<float, double>(!quick);
  sizes<unsigned char, double, short>(!quick);
  alignments<double, float>();
  alignments<unsigned char, short>();
  sizes<triple>(!quick);
  sizes<triple, triple>(!quick);
  sizes<triple, float, triple>(!quick);
  sizes<quad>(!quick);
  sizes<quad, quad>(!quick);
  sizes<quad, quad, quad>(!quick);
  alignments<triple, triple>();
  alignments<quad, quad>();
}

/// The output is the input: every size class, and a partial overlap is refused.
template <class T>
void in_place() {
  constexpr index_t most = 20000;
  cuda::stream s;
  std::vector<T> host(most);
  for (index_t i = 0; i < most; ++i) host[static_cast<std::size_t>(i)] = from_int<T>(input_value(0, i));
  for (index_t n : {1, 7, 255, 256, 1023, 1024, 1025, 4095, 4096, 4097, 16384, 20000}) {
    auto a = cuda::to_device(s, host);
    const auto part = a.view().part(0, n);
    cuda::transform(s, part, part, [] __device__(T v) { return from_int<T>(to_int(v) + 5); });
    const auto one = test::last_kernel();
    CHECK(one.races == 0);
    cuda::transform(s, part, part, part, [] __device__(T v, T w) { return from_int<T>(to_int(v) + to_int(w)); });
    CHECK(test::last_kernel().races == 0);
    const auto got = a.copy_to_host();
    index_t wrong = 0;
    for (index_t i = 0; i < most; ++i) {
      const int v = input_value(0, i);
      wrong += to_int(got[static_cast<std::size_t>(i)]) != (i < n ? 2 * (v + 5) : v);
    }
    CHECK(wrong == 0);
  }
  auto a = cuda::to_device(s, host);
  const auto shifted = [&] {
    cuda::transform(s, a.view().part(0, 100), a.view().part(1, 100), [] __device__(T v) { return v; });
  };
  CHECK(test::contains(test::thrown<std::invalid_argument>(shifted), "overlaps"));
}

void fills() {
  cuda::stream s;
  for (index_t n : {0, 1, 5, 1000, 4096, 5001}) {
    cuda::device_array<float> a(s, n);
    const auto before = test::launches();
    cuda::fill(s, a, 0.0F);  // by cudaMemsetAsync
    if (test::emulated()) CHECK(test::launches() == before);
    for (float v : a.copy_to_host()) CHECK(v == 0.0F);
    cuda::fill(s, a, 1.5F);
    if (test::emulated()) CHECK(test::launches() == before + (n > 0));
    for (float v : a.copy_to_host()) CHECK(v == 1.5F);
    cuda::generate(s, a, [] __device__(index_t i) { return static_cast<float>(i); });
    index_t i = 0;
    for (float v : a.copy_to_host()) CHECK(v == static_cast<float>(i++));
    auto b = cuda::device_array_like(a);
    cuda::copy(s, a, b);
    CHECK(a.copy_to_host() == b.copy_to_host());
  }
}

/// Large enough for shares and coalescing to be the kernel's and not the tail's.
void large() {
  constexpr index_t n = 300007;
  transform_case<float, float, float>(n).run(n);
  transform_case<unsigned char, unsigned char>(n).run(n, 3, 3);
  const auto c = test::last_kernel();
  if (test::emulated()) CHECK(static_cast<double>(c.loads_16) * 32 * 16 >= 0.9 * static_cast<double>(c.load_bytes));
  transform_case<double, double>(n).run(n);
  transform_case<unsigned char, unsigned char>(n).run(n);
}

int main(int argc, char** argv) {
  quick = test::has_argument(argc, argv, "quick");
  // The parts of the long test; all of them where none is named.
  const bool all = argc == 1 || quick;
  const auto part = [&](const char* name) { return all || test::has_argument(argc, argv, name); };
  return test::run("transform", [&] {
    if (part("1_byte")) element_size<unsigned char>();
    if (part("2_bytes")) element_size<__half>();
    if (part("4_bytes")) element_size<float>();
    if (part("8_bytes")) element_size<double>();
    if (part("mixed")) mixed_element_sizes();
    if (!all) return;
    in_place<unsigned char>();
    in_place<short>();
    in_place<float>();
    in_place<double>();
    fills();
    large();
  });
}
