// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Eigen's tensors on this library's threads: the bits of its own threads, nested in a loop, and silent.
#define EIGEN_USE_THREADS
#include <atomic>
#include <cstring>
#include <parloop/plug/eigen.hpp>
#include <unsupported/Eigen/CXX11/Tensor>

#include "plug_test.hpp"

namespace pl = parloop;

namespace {

using matrix = Eigen::Tensor<float, 2>;

bool same(const matrix& a, const matrix& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(float)) == 0;
}

matrix product(const Eigen::ThreadPoolDevice& device, const matrix& a, const matrix& b) {
  matrix c(a.dimension(0), b.dimension(1));
  const Eigen::array<Eigen::IndexPair<int>, 1> along{Eigen::IndexPair<int>(1, 0)};
  c.device(device) = a.contract(b, along);
  return c;
}

matrix of_elements(const Eigen::ThreadPoolDevice& device, const matrix& a) {
  matrix c(a.dimension(0), a.dimension(1));
  c.device(device) = (a * 2.0f + a.square()).exp();
  return c;
}

float total(const Eigen::ThreadPoolDevice& device, const matrix& a) {
  Eigen::Tensor<float, 0> sum;
  sum.device(device) = a.sum();
  return sum();
}

}  // namespace

int main() {
  const test::watchdog guard(150, "eigen");
  matrix a(300, 400);
  matrix b(400, 200);
  for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] = static_cast<float>(pl::uniform2(1, i).x) - 0.5f;
  for (Eigen::Index i = 0; i < b.size(); ++i) b.data()[i] = static_cast<float>(pl::uniform2(2, i).x) - 0.5f;
  for (const int threads : {1, 2, 4}) {
    matrix expected;
    matrix expected_elements;
    float expected_total = 0;
    {
      Eigen::ThreadPool own(threads);
      const Eigen::ThreadPoolDevice device(&own, threads);
      expected = product(device, a, b);
      expected_elements = of_elements(device, a);
      expected_total = total(device, a);
    }
    test::counted_pool pool(threads + 1);
    const int before = test::threads_of_process();
    pl::plug::eigen_pool eigen(pool);
    test::require(eigen.NumThreads() == threads && eigen.CurrentThreadId() == -1, "as many threads as work");
    const Eigen::ThreadPoolDevice device(&eigen, threads);
    for (int round = 0; round < 20; ++round) {
      if (!same(product(device, a, b), expected)) test::require(false, "the same bits of a product");
      if (!same(of_elements(device, a), expected_elements)) test::require(false, "the same bits of elements");
      if (total(device, a) != expected_total) test::require(false, "the same bits of a sum");
    }
    test::require(threads == 1 || pool.asked() > 0, "closures run on the pool");
    std::atomic<int> left{200};
    std::atomic<int> used[4]{};
    std::atomic<bool> good{true};
    for (int i = 0; i < 200; ++i) {
      eigen.Schedule([&] {
        const int me = eigen.CurrentThreadId();
        if (me < 0 || me >= threads || used[me].fetch_add(1) != 0) good = false;
        if (me >= 0 && me < 4) used[me].fetch_sub(1);
        left.fetch_sub(1);
      });
    }
    test::require(test::becomes_true([&] { return left == 0; }), "all closures run");
    test::require(good, "each closure has a number of its own");
    pl::parallel_for(pl::prange(8).grain(1), [&](pl::index_t) {
      if (!same(product(device, a, b), expected)) test::require(false, "the same bits, nested");
    });
    pl::parallel_for(pool, pl::prange(64).grain(1), [&](pl::index_t) {
      if (!same(product(device, a, b), expected)) test::require(false, "the same bits, nested in the same pool");
    });
    test::require(test::threads_of_process() <= before + threads, "no threads but the pool's");
    if (threads == 4) test::require_silence([&] { product(device, a, b); });
  }
  {
    pl::serial one;
    pl::plug::eigen_pool eigen(one);
    const Eigen::ThreadPoolDevice device(&eigen, 2);
    const matrix alone = product(device, a, b);
    Eigen::ThreadPool own(2);
    test::require(same(alone, product(Eigen::ThreadPoolDevice(&own, 2), a, b)), "the same bits on one thread");
  }
}
