// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// OpenCV on this library's threads: the bits of its own threads, numbers of threads that no two have at once, nested
/// in a loop, and silent.
#include <atomic>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <parloop/plug/opencv.hpp>

#include "plug_test.hpp"

namespace pl = parloop;

namespace {

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && std::memcmp(a.data, b.data, a.total() * a.elemSize()) == 0;
}

/// Through a table, in parallel; and a body of the program's own.
cv::Mat work(const cv::Mat& image) {
  cv::Mat table(1, 256, CV_8U);
  for (int i = 0; i < 256; ++i) table.at<std::uint8_t>(i) = static_cast<std::uint8_t>(i * 7 % 251);
  cv::Mat mapped;
  cv::LUT(image, table, mapped);
  cv::Mat out(image.rows, image.cols, CV_64F);
  cv::parallel_for_(cv::Range(0, image.rows), [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y) {
      for (int x = 0; x < image.cols; ++x) out.at<double>(y, x) = std::sqrt(mapped.at<std::uint8_t>(y, x) + x * y);
    }
  });
  return out;
}

cv::Mat clusters(const cv::Mat& samples) {
  cv::Mat labels;
  cv::theRNG().state = 7;
  cv::kmeans(samples, 5, labels, cv::TermCriteria(cv::TermCriteria::COUNT, 20, 0), 1, cv::KMEANS_RANDOM_CENTERS);
  return labels;
}

}  // namespace

int main() {
  const test::watchdog guard(100, "opencv");
  cv::Mat image(700, 900, CV_8U);
  cv::Mat samples(20000, 4, CV_32F);
  cv::theRNG().state = 1;
  cv::randu(image, 0, 256);
  cv::randu(samples, 0, 1);
  const cv::Mat expected = work(image);
  const cv::Mat expected_clusters = clusters(samples);
  pl::plug::use_in_opencv();
  for (const int width : {1, 2, 4}) {
    test::counted_pool pool(width);
    const int before = test::threads_of_process();
    test::require(cv::getNumThreads() == width, "as many threads as the pool has");
    for (int round = 0; round < 20; ++round) {
      if (!same(work(image), expected)) test::require(false, "the same bits");
    }
    test::require(same(clusters(samples), expected_clusters), "the same clusters");
    test::require(width == 1 || pool.asked() > 0, "OpenCV runs on the pool");
    std::atomic<int> used[4]{};
    std::atomic<bool> good{true};
    cv::parallel_for_(cv::Range(0, 400), [&](const cv::Range& part) {
      const int me = cv::getThreadNum();
      if (me < 0 || me >= width || used[me].fetch_add(1) != 0) good = false;
      test::busy_for(std::chrono::microseconds(20) * part.size());
      if (me >= 0 && me < 4) used[me].fetch_sub(1);
    });
    test::require(good, "each thread has its own number");
    pl::parallel_for(pl::prange(4).grain(1), [&](pl::index_t) {
      if (!same(work(image), expected)) test::require(false, "the same bits, nested");
    });
    test::require(test::threads_of_process() <= before + width - 1, "no threads but the pool's");
    if (width == 4) {
      cv::setNumThreads(2);
      test::require(cv::getNumThreads() == 2 && same(work(image), expected), "two threads at most");
      cv::setNumThreads(0);
      test::require_silence([&] { work(image); });
    }
  }
}
