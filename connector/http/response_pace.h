// How slowly a response may arrive once it has begun: a limit for the time without a byte, and a
// least average rate, which counts after that same time. Pure: the caller passes the time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "connector/base/clock.h"

namespace connector::http {

class response_pace {
 public:
  // `least_rate` in bytes a second; 0: any.
  response_pace(std::chrono::milliseconds silence, std::size_t least_rate)
      : silence_(silence), least_rate_(least_rate) {}

  // `bytes` have arrived. Returns the time by which more must arrive.
  deadline arrived(std::size_t bytes, boot_clock::time_point now) {
    if (!begun_) begun_ = now;
    bytes_ += bytes;
    last_ = now;
    return limit();
  }

  // The client did not read for `time`; the server is not at fault for it.
  deadline held_up(boot_clock::duration time) {
    if (begun_) *begun_ += time;
    last_ += time;
    return limit();
  }

  [[nodiscard]] bool begun() const { return begun_.has_value(); }

  // Once the limit is over, for people: "sent nothing for 60 s".
  [[nodiscard]] std::string error() const {
    if (limit() == last_ + silence_) {
      return "fell silent: it sent nothing for " + std::to_string(silence_.count()) + " ms";
    }
    return "came too slowly: fewer than " + std::to_string(least_rate_) + " bytes a second";
  }

 private:
  [[nodiscard]] deadline limit() const {
    const deadline silent = last_ + silence_;
    if (least_rate_ == 0) return silent;
    const auto earned = std::chrono::milliseconds(bytes_ * 1000 / least_rate_);
    return std::min<deadline>(silent, *begun_ + silence_ + earned);
  }

  std::chrono::milliseconds silence_;
  std::size_t least_rate_;
  std::size_t bytes_ = 0;
  std::optional<boot_clock::time_point> begun_;
  boot_clock::time_point last_{};
};

}  // namespace connector::http
