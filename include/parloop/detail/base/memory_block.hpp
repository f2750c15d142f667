// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Memory for an array, which nobody has touched: large blocks on huge pages where the system offers them. For
/// algorithm/make_array.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
#include <sys/mman.h>
#include <unistd.h>

#include "throw.hpp"
#endif

namespace parloop::inline v0_2::detail {

/// A huge page of x86-64, and of ARM64 with small pages of 4 KiB.
inline constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

/// From this size on a block is mapped for itself. Below, the C library may give memory again that it already has (its
/// DEFAULT_MMAP_THRESHOLD_MAX is 32 MiB), which beats new pages of any kind.
inline constexpr std::size_t mapped_from_bytes = std::size_t{32} << 20;

/// Owns its memory; move-only.
class memory_block {
 public:
  memory_block() = default;
  /// Throws `std::bad_alloc`. `bytes` is at most half of what a pointer can count.
  memory_block(std::size_t bytes, std::size_t alignment) : bytes_(bytes), mapped_(maps(bytes, alignment)) {
    if (bytes == 0) return;
    if (mapped_) {
      whole_ = data_ = map(bytes);
    } else {
      // By hand, because glibc 2.36 gives memory that was freed again to a plain operator new, to one with an alignment
      // only at times.
      whole_ = ::operator new(bytes + alignment);
      data_ = static_cast<std::byte*>(whole_) + (0 - reinterpret_cast<std::uintptr_t>(whole_)) % alignment;
    }
  }
  memory_block(memory_block&& other) noexcept { swap(other); }
  memory_block& operator=(memory_block&& other) noexcept {
    memory_block taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~memory_block() {
    if (mapped_) {
      unmap(whole_, bytes_);
    } else {
      ::operator delete(whole_);
    }
  }

  [[nodiscard]] void* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// Whether it is new from the system: all zeros, and without physical memory until it is touched.
  [[nodiscard]] bool mapped() const noexcept { return mapped_; }

 private:
  void swap(memory_block& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(whole_, other.whole_);
    std::swap(bytes_, other.bytes_);
    std::swap(mapped_, other.mapped_);
  }

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
  static bool maps(std::size_t bytes, std::size_t alignment) noexcept {
    return bytes >= mapped_from_bytes && alignment <= huge_page_bytes;
  }
  static void* map(std::size_t bytes) {
    const std::size_t reserved = bytes + huge_page_bytes;  // some of it begins a huge page
    void* const all = ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw_error(std::bad_alloc());
    const std::size_t before = (0 - reinterpret_cast<std::uintptr_t>(all)) % huge_page_bytes;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t used = (bytes + page - 1) / page * page;
    auto* const first = static_cast<std::byte*>(all) + before;
    if (before > 0) unmap(all, before);
    if (before + used < reserved) unmap(first + used, reserved - before - used);
    (void)::madvise(first, used, MADV_HUGEPAGE);  // a system without them uses small ones
    return first;
  }
  static void unmap(void* first, std::size_t bytes) noexcept { (void)::munmap(first, bytes); }
#else
  static bool maps(std::size_t, std::size_t) noexcept { return false; }
  static void* map(std::size_t) { throw_error(std::bad_alloc()); }
  static void unmap(void*, std::size_t) noexcept {}
#endif

  void* data_ = nullptr;
  void* whole_ = nullptr;  // what is given back
  std::size_t bytes_ = 0;
  bool mapped_ = false;
};

}  // namespace parloop::inline v0_2::detail
