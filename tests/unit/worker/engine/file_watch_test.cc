#include "worker/engine/file_watch.h"

#include <gtest/gtest.h>

#include "tests/unit/worker/temporary_folder.h"

namespace worker::engine {
namespace {

using std::chrono::milliseconds;

class FileWatch : public testing::Test {
 protected:
  FileWatch() {
    folder_.write("a", "1");
    folder_.write("b", "1");
  }
  bool later(milliseconds by, file_watch& of) {
    now_ += by;
    return of.changed(now_);
  }

  tests::temporary_folder folder_;
  file_watch::time_point now_{milliseconds(5000)};
};

TEST_F(FileWatch, AChangeCountsWhenTwoLooksHaveSeenIt) {
  file_watch watch({folder_.at("a"), folder_.at("b")});
  EXPECT_FALSE(later(milliseconds(0), watch));
  folder_.write("a", "22");
  EXPECT_FALSE(later(milliseconds(1000), watch));
  folder_.write("b", "22");
  EXPECT_FALSE(later(milliseconds(1000), watch));
  EXPECT_TRUE(later(milliseconds(1000), watch));
  EXPECT_FALSE(later(milliseconds(1000), watch));
}

TEST_F(FileWatch, LooksOnceASecond) {
  file_watch watch({folder_.at("a")});
  folder_.write("a", "22");
  EXPECT_FALSE(later(milliseconds(0), watch));
  EXPECT_FALSE(later(milliseconds(999), watch));
  EXPECT_TRUE(later(milliseconds(1), watch));
}

TEST_F(FileWatch, AFileThatIsBackAsItWasIsNoChange) {
  file_watch watch({folder_.at("a")});
  std::filesystem::rename(folder_.at("a"), folder_.at("away"));
  EXPECT_FALSE(later(milliseconds(1000), watch));
  std::filesystem::rename(folder_.at("away"), folder_.at("a"));
  EXPECT_FALSE(later(milliseconds(1000), watch));
  EXPECT_FALSE(later(milliseconds(1000), watch));
}

TEST_F(FileWatch, NoFilesNeverChange) {
  file_watch watch({});
  EXPECT_FALSE(later(milliseconds(1000), watch));
  EXPECT_FALSE(later(milliseconds(1000), watch));
}

}  // namespace
}  // namespace worker::engine
