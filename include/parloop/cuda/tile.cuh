// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The kernel behind `transform`, `generate` and `fill`: a block per tile, 128 bits per access; for those verbs only.
///
/// A thread loads all its packs of all inputs, then computes, then stores. So every load of a tile is in flight before
/// the first result is needed, and the output may be an input. Packs of neighbouring threads are neighbours in memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "launch.hpp"

namespace parloop::inline v0_2::cuda::detail {

/// The widest access of a thread on every compute capability, in bytes.
inline constexpr int pack_bytes = 16;

/// The register that elements smaller than 32 bits share, for a pack of `Bytes`; larger elements have their own.
template <class T, int Bytes>
using word_of =
    std::conditional_t<(sizeof(T) >= 4 || Bytes < 2), T, std::conditional_t<(Bytes < 4), std::uint16_t, std::uint32_t>>;

/// `Lanes` elements that one instruction loads or stores. Kept as words until an element is asked for: unpacked at
/// once, 16 bytes of small elements would take 16 registers and not 4.
template <class T, int Lanes>
struct alignas(sizeof(T) * Lanes) pack {
  using word = word_of<T, static_cast<int>(sizeof(T)) * Lanes>;
  static constexpr int per_word = sizeof(word) / sizeof(T);
  word words[Lanes / per_word];

  [[nodiscard]] __device__ T get(int lane) const {
    T elements[per_word];
    std::memcpy(elements, &words[lane / per_word], sizeof(word));
    return elements[lane % per_word];
  }
  __device__ void set(int lane, const T& value) {
    T elements[per_word];
    std::memcpy(elements, &words[lane / per_word], sizeof(word));
    elements[lane % per_word] = value;
    std::memcpy(&words[lane / per_word], elements, sizeof(word));
  }
};

/// A thread's packs of one operand within a tile.
template <class T, int Lanes, int Packs>
struct tile_packs {
  pack<T, Lanes> packs[Packs];
};

[[nodiscard]] constexpr bool packable(std::size_t bytes) { return std::has_single_bit(bytes) && bytes <= pack_bytes; }

/// Elements in a pack: as many for every operand, limited by the largest; 1 when some type has no vector access.
template <class... T>
inline constexpr int lanes_of = (packable(sizeof(T)) && ...) ? pack_bytes / static_cast<int>(std::max({sizeof(T)...}))
                                                             : 1;
template <class... T>
inline constexpr bool has_packs = (packable(sizeof(T)) && ...);

/// Packs per thread and operand, such that a thread has 64 bytes of loads in flight, 48 with three inputs. With all
/// blocks resident that is 48 KiB or more per multiprocessor (README.md in this directory has the table). Without
/// inputs there is no load to wait for, and two packs leave registers to the function. Chosen by counts, not by
/// measuring: no GPU was at hand.
[[nodiscard]] constexpr int packs_for(std::size_t inputs) { return inputs == 1 ? 4 : inputs < 3 ? 2 : 1; }

/// How a launch divides its elements. Element 0 is the first that is aligned for packs; `head` elements precede it.
struct tile_plan {
  std::uint64_t count;         ///< elements from element 0 on
  std::uint32_t vector_tiles;  ///< leading blocks whose tiles are full and aligned; the others go by elements
  std::uint32_t head;          ///< elements before element 0, fewer than a pack holds; the last block does them
};

template <int Lanes, int Packs, class T>
__device__ tile_packs<T, Lanes, Packs> load_tile(const T* tile) {
  const auto* from = reinterpret_cast<const pack<T, Lanes>*>(tile) + threadIdx.x;
  tile_packs<T, Lanes, Packs> loaded;
#pragma unroll
  for (int p = 0; p < Packs; ++p) loaded.packs[p] = from[p * threads_per_block];
  return loaded;
}

/// Computes and stores a thread's share of a full tile. `index` is the tile's first element, for functions of it.
template <int Lanes, int Packs, class F, class Out, class... In>
__device__ void store_tile(const F& f, Out* tile, std::uint64_t index, tile_packs<In, Lanes, Packs>... in) {
  tile_packs<Out, Lanes, Packs> results;
#pragma unroll
  for (int p = 0; p < Packs; ++p) {
#pragma unroll
    for (int lane = 0; lane < Lanes; ++lane) {
      if constexpr (sizeof...(In) == 0) {
        const unsigned within = (p * threads_per_block + threadIdx.x) * Lanes + lane;
        results.packs[p].set(lane, static_cast<Out>(f(static_cast<index_t>(index + within))));
      } else {
        results.packs[p].set(lane, static_cast<Out>(f(in.packs[p].get(lane)...)));
      }
    }
  }
  auto* to = reinterpret_cast<pack<Out, Lanes>*>(tile) + threadIdx.x;
#pragma unroll
  for (int p = 0; p < Packs; ++p) to[p * threads_per_block] = results.packs[p];
}

template <class F, class Out, class... In>
__device__ void one_element(const F& f, std::int64_t i, std::uint32_t head, Out* out, const In*... in) {
  if constexpr (sizeof...(In) == 0) {
    out[i] = static_cast<Out>(f(static_cast<index_t>(i + head)));
  } else {
    out[i] = static_cast<Out>(f(in[i]...));
  }
}

template <int Packs, class F, class Out, class... In>
__global__ void __launch_bounds__(threads_per_block) transform_tiles(tile_plan plan, F f, Out* out, const In*... in) {
  constexpr int lanes = lanes_of<Out, In...>;
  constexpr int tile = threads_per_block * Packs * lanes;
  const std::uint64_t first = std::uint64_t{blockIdx.x} * tile;
  if constexpr (has_packs<Out, In...>) {
    if (blockIdx.x < plan.vector_tiles) {
      store_tile<lanes, Packs>(f, out + first, first + plan.head, load_tile<lanes, Packs>(in + first)...);
      return;
    }
  }
  const std::uint64_t end = first + tile < plan.count ? first + tile : plan.count;
#pragma unroll 1  // unrolled it would need more registers than the tile
  for (std::uint64_t i = first + threadIdx.x; i < end; i += threads_per_block) {
    one_element(f, static_cast<std::int64_t>(i), plan.head, out, in...);
  }
  if (blockIdx.x + 1 == gridDim.x && threadIdx.x < plan.head) {
    one_element(f, std::int64_t{threadIdx.x} - std::int64_t{plan.head}, plan.head, out, in...);
  }
}

template <int Lanes, class T>
[[nodiscard]] bool aligned_for_packs(const T* p) {
  return reinterpret_cast<std::uintptr_t>(p) % (sizeof(T) * Lanes) == 0;
}

/// How many elements to leave out so that packs of every operand are aligned; `Lanes` when no number does.
template <int Lanes, class... T>
[[nodiscard]] int misaligned_head(const T*... p) {
  int head = 0;
  while (head < Lanes && !(aligned_for_packs<Lanes>(p + head) && ...)) ++head;
  return head;
}

template <int Packs, class F, class Out, class... In>
void launch_tiles(const on_stream& at, const char* name, std::uint64_t count, const F& f, Out* out, const In*... in) {
  constexpr int lanes = lanes_of<Out, In...>;
  constexpr std::uint64_t tile = threads_per_block * Packs * lanes;
  int head = has_packs<Out, In...> ? misaligned_head<lanes>(out, in...) : lanes;
  const bool vectors = head < lanes && std::cmp_greater_equal(count, head);
  if (!vectors) head = 0;
  const std::uint64_t rest = count - static_cast<std::uint64_t>(head);
  const std::uint64_t vector_tiles = vectors ? rest / tile : 0;
  const std::uint64_t blocks = vectors ? vector_tiles + (rest % tile != 0 || head != 0) : ceil_div(rest, tile);
  if (blocks > max_grid_x) throw std::length_error(std::string("parloop: ") + name + ": more than 2^31 - 1 tiles");
  const tile_plan plan{rest, static_cast<std::uint32_t>(vector_tiles), static_cast<std::uint32_t>(head)};
  launch(at, name, {dim3(static_cast<unsigned>(blocks)), dim3(threads_per_block)},
         transform_tiles<Packs, F, Out, In...>, plan, f, out + head, (in + head)...);
}

/// One launch over `count` > 0 elements. Smaller tiles where full ones would leave multiprocessors without a block.
template <class F, class Out, class... In>
void run_tiles(const on_stream& at, const char* name, int device, index_t count, const F& f, Out* out,
               const In*... in) {
  constexpr int packs = packs_for(sizeof...(In));
  const auto n = static_cast<std::uint64_t>(count);
  if constexpr (packs > 1) {
    constexpr std::uint64_t tile = threads_per_block * packs * lanes_of<Out, In...>;
    const int processors = attribute(cudaDevAttrMultiProcessorCount, device, at.where());
    if (std::cmp_less(ceil_div(n, tile), processors)) return launch_tiles<1>(at, name, n, f, out, in...);
  }
  launch_tiles<packs>(at, name, n, f, out, in...);
}

}  // namespace parloop::inline v0_2::cuda::detail
