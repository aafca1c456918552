// Many requests at a time, and a place where the answers to them meet.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {

// Holds the answers back until all that are expected have come.
class meeting_point {
 public:
  explicit meeting_point(int expected) : missing_(expected) {}
  void pass() {
    std::unique_lock lock(guard_);
    --missing_;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [this] { return missing_ <= 0; });
  }
  int missing() {
    const std::lock_guard lock(guard_);
    return missing_;
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  int missing_;
};

class HttpPoolTest : public HttpTest {
 protected:
  using place = std::shared_ptr<std::optional<result<response>>>;

  static void echo(script::peer& here) {
    while (auto got = here.request()) here.answer(got->substr(got->find("\r\n\r\n") + 4));
  }

  std::vector<place> start_many(const destination& to, int count) {
    std::vector<place> all;
    for (int i = 0; i < count; ++i) all.push_back(start(post(to, std::to_string(i))));
    return all;
  }

  bool wait_for(const std::vector<place>& all) {
    return run_until([&] {
      return std::all_of(all.begin(), all.end(), [](const place& one) { return one->has_value(); });
    });
  }
};

}  // namespace connector::http
