// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// c-blosc2 on this library's threads: as many bytes as on its own threads, the same values, nested in a loop, and
/// silent; with and without the delta filter.
#include <parloop/plug/blosc2.hpp>
#include <vector>

#include "plug_test.hpp"

namespace pl = parloop;

namespace {

using bytes = std::vector<std::uint8_t>;

blosc2_context* context(int threads, std::uint8_t filter) {
  blosc2_cparams how = BLOSC2_CPARAMS_DEFAULTS;
  how.typesize = sizeof(double);
  how.nthreads = static_cast<std::int16_t>(threads);
  how.blocksize = 16384;
  how.filters[BLOSC2_MAX_FILTERS - 2] = filter;
  return blosc2_create_cctx(how);
}

bytes compress(const std::vector<double>& x, int threads, std::uint8_t filter) {
  blosc2_context* const c = context(threads, filter);
  const auto size = static_cast<std::int32_t>(x.size() * sizeof x[0]);
  bytes out(static_cast<std::size_t>(size) + BLOSC2_MAX_OVERHEAD);
  const int n = blosc2_compress_ctx(c, x.data(), size, out.data(), static_cast<std::int32_t>(out.size()));
  if (n <= 0) test::require(false, "it is compressed");
  out.resize(static_cast<std::size_t>(n));
  blosc2_free_ctx(c);
  return out;
}

std::vector<double> decompress(const bytes& in, std::size_t n, int threads) {
  blosc2_dparams how = BLOSC2_DPARAMS_DEFAULTS;
  how.nthreads = static_cast<std::int16_t>(threads);
  blosc2_context* const c = blosc2_create_dctx(how);
  std::vector<double> x(n);
  blosc2_decompress_ctx(c, in.data(), static_cast<std::int32_t>(in.size()), x.data(),
                        static_cast<std::int32_t>(n * sizeof x[0]));
  blosc2_free_ctx(c);
  return x;
}

}  // namespace

int main() {
  const test::watchdog guard(100, "blosc2");
  blosc2_init();
  std::vector<double> x(400000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i / 7 % 1000) * 0.25;
  for (const std::uint8_t filter : {std::uint8_t{BLOSC_NOFILTER}, std::uint8_t{BLOSC_DELTA}}) {
    for (const int threads : {2, 4}) {
      blosc2_set_threads_callback(nullptr, nullptr);
      // In which order blocks are written is chance on c-blosc2's own threads, too: their sizes and what they hold are
      // compared.
      const bytes expected = compress(x, threads, filter);
      pl::plug::use_in_blosc2();
      for (const int width : {1, 2, 4}) {
        test::counted_pool pool(width);
        const int before = test::threads_of_process();
        for (int round = 0; round < 10; ++round) {
          const bytes seen = compress(x, threads, filter);
          if (seen.size() != expected.size()) test::require(false, "as many bytes");
          if (decompress(seen, x.size(), threads) != x || decompress(expected, x.size(), threads) != x) {
            test::require(false, "the same values");
          }
        }
        test::require(width == 1 || pool.asked() > 0, "c-blosc2 runs on the pool");
        pl::parallel_for(pl::prange(4).grain(1), [&](pl::index_t) {
          if (decompress(compress(x, threads, filter), x.size(), threads) != x) {
            test::require(false, "the same values, nested");
          }
        });
        test::require(test::threads_of_process() <= before + width - 1, "no threads but the pool's");
        if (width == 4 && threads == 4) {
          test::require_silence([&] { decompress(compress(x, threads, filter), x.size(), threads); });
        }
      }
    }
  }
  blosc2_destroy();
}
