// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Random numbers that are a function of (seed, iteration): the same on any number of threads, in any order, without
/// state to share or to skip ahead in. Philox4x32-10 of J. K. Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011.
#pragma once

#include "index.hpp"

// nvcc compiles these functions for the device too, where they give the same numbers. Undefined at the end.
#ifdef __CUDACC__
#define PARLOOP_DEVICE __host__ __device__
#else
#define PARLOOP_DEVICE
#endif

namespace parloop::inline v0_2 {

/// Two values, to be taken apart: `const auto [x, y] = ...`.
template <class T>
struct two {
  T x;  ///< first
  T y;  ///< second
  /// Whether both are the same.
  friend constexpr bool operator==(const two&, const two&) = default;
};

/// Four values, to be taken apart: `const auto [x, y, z, w] = ...`.
template <class T>
struct four {
  T x;  ///< first
  T y;  ///< second
  T z;  ///< third
  T w;  ///< fourth
  /// Whether all are the same.
  friend constexpr bool operator==(const four&, const four&) = default;
};

namespace detail {

/// One word of a counter in the low half of 64 bits. The high half is anything: a compiler then needs nothing but the
/// multiplication of 32 by 32 bits that vector units have, and no moves between lanes of different size.
using philox_lane = std::uint64_t;
inline constexpr philox_lane low_word = 0xffffffffU;

/// The rounds from `Round` to the tenth. Recursion instead of a loop, because only straight code is vectorised over
/// the iterations of the loop around it.
template <unsigned Round>
[[gnu::always_inline]] PARLOOP_DEVICE constexpr four<philox_lane> philox_rounds(four<philox_lane> c,
                                                                                two<std::uint32_t> key) noexcept {
  if constexpr (Round == 10) {
    return c;
  } else {
    const std::uint64_t left = (c.x & low_word) * 0xD2511F53U;
    const std::uint64_t right = (c.z & low_word) * 0xCD9E8D57U;
    const philox_lane k0 = key.x + Round * 0x9E3779B9U;
    const philox_lane k1 = key.y + Round * 0xBB67AE85U;
    return philox_rounds<Round + 1>({(right >> 32) ^ c.y ^ k0, right, (left >> 32) ^ c.w ^ k1, left}, key);
  }
}

/// Exact, so the same with and without fused operations: multiples of 2^-53 in [0, 1) from 27 and 26 bits. Signed
/// 32-bit integers, because vector units convert these.
[[gnu::always_inline]] PARLOOP_DEVICE constexpr double unit_53_bits(std::uint32_t high, std::uint32_t low) noexcept {
  return static_cast<double>(static_cast<std::int32_t>(high >> 5)) * 0x1p-27 +
         static_cast<double>(static_cast<std::int32_t>(low >> 6)) * 0x1p-53;
}

template <class Real>
[[gnu::always_inline]] PARLOOP_DEVICE constexpr Real unit_one_word(std::uint32_t word) noexcept {
  static_assert(std::same_as<Real, double> || std::same_as<Real, float>,
                "parloop: uniform random numbers are double or float");
  if constexpr (std::same_as<Real, double>) {
    return static_cast<double>(static_cast<std::int32_t>(word ^ 0x80000000U)) * 0x1p-32 + 0.5;
  } else {
    return static_cast<float>(static_cast<std::int32_t>(word >> 8)) * 0x1p-24F;
  }
}

}  // namespace detail

/// Philox4x32-10: 128 random bits for a counter and a key, all of them different for different counters.
[[nodiscard, gnu::always_inline]] PARLOOP_DEVICE constexpr four<std::uint32_t> philox4x32(
    four<std::uint32_t> counter, two<std::uint32_t> key) noexcept {
  const auto c = detail::philox_rounds<0>({counter.x, counter.y, counter.z, counter.w}, key);
  return {static_cast<std::uint32_t>(c.x), static_cast<std::uint32_t>(c.y), static_cast<std::uint32_t>(c.z),
          static_cast<std::uint32_t>(c.w)};
}

/// The draw-th 128 random bits of an iteration; independent for every seed, iteration and draw. A loop over the
/// iterations vectorises (-O3).
[[nodiscard, gnu::always_inline]] PARLOOP_DEVICE constexpr four<std::uint32_t> random_bits(
    std::uint64_t seed, index_t iteration, std::uint64_t draw = 0) noexcept {
  const auto i = static_cast<std::uint64_t>(iteration);
  return philox4x32({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i >> 32),
                     static_cast<std::uint32_t>(draw), static_cast<std::uint32_t>(draw >> 32)},
                    {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
}

/// Two numbers, uniform in [0, 1), with 53 random bits each. A loop over the iterations vectorises (-O3).
///     const auto [x, y] = uniform2(seed, i);
[[nodiscard, gnu::always_inline]] PARLOOP_DEVICE constexpr two<double> uniform2(std::uint64_t seed, index_t iteration,
                                                                                std::uint64_t draw = 0) noexcept {
  const auto bits = random_bits(seed, iteration, draw);
  return {detail::unit_53_bits(bits.x, bits.y), detail::unit_53_bits(bits.z, bits.w)};
}

/// Four numbers, uniform in [0, 1), with 32 random bits each, 24 for `float`, at the price of uniform2's two.
///     const auto [x, y, z, w] = uniform4<float>(seed, i);
template <class Real = double>
[[nodiscard, gnu::always_inline]] PARLOOP_DEVICE constexpr four<Real> uniform4(std::uint64_t seed, index_t iteration,
                                                                               std::uint64_t draw = 0) noexcept {
  const auto bits = random_bits(seed, iteration, draw);
  return {detail::unit_one_word<Real>(bits.x), detail::unit_one_word<Real>(bits.y), detail::unit_one_word<Real>(bits.z),
          detail::unit_one_word<Real>(bits.w)};
}

/// As many random numbers as an iteration wants: a `std::uniform_random_bit_generator` of 64 bits for the standard
/// library's distributions and shuffles. Two numbers from each of the iteration's draws 0, 1, ...
///     parallel_for(prange(n), [&](index_t i) { random_stream random(seed, i); y[i] = normal(random); });
class random_stream {
 public:
  using result_type = std::uint64_t;  ///< of operator()

  /// The numbers of `iteration` under `seed`, from the first one on.
  PARLOOP_DEVICE constexpr random_stream(std::uint64_t seed, index_t iteration) noexcept
      : seed_(seed), iteration_(iteration) {}

  /// The smallest number that may come: 0.
  [[nodiscard]] PARLOOP_DEVICE static constexpr result_type(min)() noexcept { return 0; }
  /// The largest number that may come: 2^64 - 1.
  [[nodiscard]] PARLOOP_DEVICE static constexpr result_type(max)() noexcept { return ~result_type{0}; }

  /// The next 64 random bits.
  PARLOOP_DEVICE constexpr result_type operator()() noexcept {
    const two<std::uint32_t> words = next();
    return static_cast<std::uint64_t>(words.x) << 32 | words.y;
  }

  /// The next number, uniform in [0, 1), 53 random bits; the first two are uniform2's. The same with every standard
  /// library, which distributions are not.
  PARLOOP_DEVICE constexpr double uniform() noexcept {
    const two<std::uint32_t> words = next();
    return detail::unit_53_bits(words.x, words.y);
  }

 private:
  PARLOOP_DEVICE constexpr two<std::uint32_t> next() noexcept {
    const bool second = taken_ % 2 != 0;
    if (!second) bits_ = random_bits(seed_, iteration_, taken_ / 2);
    ++taken_;
    return second ? two<std::uint32_t>{bits_.z, bits_.w} : two<std::uint32_t>{bits_.x, bits_.y};
  }

  std::uint64_t seed_;
  index_t iteration_;
  std::uint64_t taken_ = 0;  // numbers of 64 bits
  four<std::uint32_t> bits_{};
};

}  // namespace parloop::inline v0_2

#undef PARLOOP_DEVICE
