// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model's range_stealing: iterations one by one to whoever comes, the first to the caller. Who runs what is no
/// part of the waiting and waking that is modelled, so this is one step for Relacy.
#pragma once

namespace parloop::inline v0_2::detail {

inline constexpr std::chrono::nanoseconds longest_chunk = std::chrono::microseconds(50);

class range_stealing {
 public:
  range_stealing(const loop& work, int participants, std::chrono::nanoseconds) noexcept
      : chunk_(work.chunk), n_(work.n), participants_(participants) {}
  range_stealing(const range_stealing&) = delete;
  range_stealing& operator=(const range_stealing&) = delete;

  const void* owner = nullptr;
  door_set doors = 0;
  [[nodiscard]] int participants() const noexcept { return participants_; }

  class participant {
   public:
    participant(range_stealing& d, int) noexcept : dealing_(d) {}
    void take_first() noexcept { first_ = dealing_.next_++; }
    bool step() noexcept {
      const index_t i = first_ >= 0 ? std::exchange(first_, -1) : dealing_.next_ < dealing_.n_ ? dealing_.next_++ : -1;
      if (i < 0) return false;
      dealing_.chunk_(i, i + 1);
      return true;
    }
    void drain() noexcept {
      while (step()) {
      }
    }

   private:
    range_stealing& dealing_;
    index_t first_ = -1;
  };

 private:
  chunk_fn chunk_;
  index_t n_;
  index_t next_ = 0;
  int participants_;
};

}  // namespace parloop::inline v0_2::detail
