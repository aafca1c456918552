// The pauses between the attempts of one question to a service of AWS: how many there may be, how
// long each is, and that none reaches past the deadline. One object a question; loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "connector/base/clock.h"

namespace connector::aws {

class retry_pauses {
 public:
  struct limits {
    int attempts = 1;  // the first one counts
    // Before the attempt after `failed` ones (1, 2, ...).
    std::function<std::chrono::milliseconds(int failed)> pause;
    deadline end{};
  };
  enum class next { attempt, none, cancelled };

  retry_pauses(limits bounds, std::function<boot_clock::time_point()> now)
      : bounds_(std::move(bounds)), now_(std::move(now)) {}

  // After an attempt that failed and may be repeated: waits for the next one. `none`: attempts or
  // time are used up, and nothing was waited for. Quiet cancellation (base/cancellation.h).
  boost::asio::awaitable<next> wait();

  // How many attempts have failed.
  [[nodiscard]] int failed() const { return failed_; }

 private:
  limits bounds_;
  std::function<boot_clock::time_point()> now_;
  int failed_ = 0;
};

}  // namespace connector::aws
