// How slowly an answer may come once it has begun: a limit without a byte, and a least average for
// the whole of it, which begins to count after the same time. No clock: the time is passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "connector/base/clock.h"

namespace connector::http {

class answer_pace {
 public:
  // `least_rate` in bytes a second; 0: any.
  answer_pace(std::chrono::milliseconds silence, std::size_t least_rate)
      : silence_(silence), least_rate_(least_rate) {}

  // `bytes` came; until when more of them must.
  deadline arrived(std::size_t bytes, boot_clock::time_point now) {
    if (!begun_) begun_ = now;
    bytes_ += bytes;
    last_ = now;
    return limit();
  }

  // We did not read for so long; what did not come meanwhile is not the server's doing.
  deadline held_up(boot_clock::duration time) {
    if (begun_) *begun_ += time;
    last_ += time;
    return limit();
  }

  [[nodiscard]] bool begun() const { return begun_.has_value(); }

  // Once the limit is over, for people: "sent nothing for 60 s".
  [[nodiscard]] std::string complaint() const {
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
