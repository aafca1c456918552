// Lines on their way to the thread that writes them.
#include "connector/base/line_queue.h"

#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <string>
#include <vector>

namespace connector {
namespace {

// Writes into a vector once it is let.
struct slow_writer {
  explicit slow_writer(line_queue_limits bounds)
      : queue(std::make_unique<line_queue>(
            [this](std::string line) {
              if (written.empty()) {
                begun.count_down();
                let.wait();
              }
              written.push_back(std::move(line));
            },
            bounds)) {}

  // The first line is being written from here on.
  void begin() {
    queue->add("first");
    begun.wait();
  }
  std::vector<std::string> end() {
    let.count_down();
    queue.reset();
    return written;
  }

  std::latch begun{1};
  std::latch let{1};
  std::vector<std::string> written;
  std::unique_ptr<line_queue> queue;
};

TEST(LineQueue, WritesAllLinesInOrderBeforeItEnds) {
  slow_writer to({1000, 1000});
  to.begin();
  for (int i = 0; i < 100; ++i) to.queue->add(std::to_string(i));
  EXPECT_EQ(to.queue->lost(), 0U);
  const auto written = to.end();
  ASSERT_EQ(written.size(), 101U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(written.at(static_cast<std::size_t>(i) + 1), std::to_string(i));
}

TEST(LineQueue, TheOldestAreLostWhenThereAreTooMany) {
  slow_writer to({3, 1000});
  to.begin();
  for (int i = 0; i < 10; ++i) to.queue->add(std::to_string(i));
  EXPECT_EQ(to.queue->lost(), 7U);
  EXPECT_EQ(to.end(), (std::vector<std::string>{"first", "7", "8", "9"}));
}

TEST(LineQueue, TheOldestAreLostWhenTheyAreTooLarge) {
  slow_writer to({1000, 25});
  to.begin();
  for (const char letter : {'a', 'b', 'c', 'd'}) to.queue->add(std::string(10, letter));
  EXPECT_EQ(to.queue->lost(), 2U);
  to.queue->add(std::string(100, 'e'));
  EXPECT_EQ(to.queue->lost(), 5U) << "a line over the limit is lost too";
  to.queue->add("f");
  EXPECT_EQ(to.end(), (std::vector<std::string>{"first", "f"}));
}

}  // namespace
}  // namespace connector
