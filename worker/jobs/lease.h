// The lease of a job: the time for which its activation is ours. The engine keeps no owner of a
// job, so this clock decides about everything that only the holder of a job may do, with a margin.
// Pure; the time is passed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "connector/base/clock.h"

namespace worker::jobs {

using connector::boot_clock;
using std::chrono::milliseconds;

struct lease {
  boot_clock::time_point expires{};
  milliseconds length{60'000};

  [[nodiscard]] bool alive(boot_clock::time_point now) const { return now < expires; }

  // Enough time is left for something that takes a round trip and that only the holder may do.
  [[nodiscard]] bool alive_with_margin(boot_clock::time_point now) const {
    return now + margin() < expires;
  }
  // A tenth of the lease, between 20 ms and 2 s.
  [[nodiscard]] milliseconds margin() const;

  // Before half of the lease is over, so that a refused extension can be repeated many times.
  [[nodiscard]] boot_clock::time_point extend_at() const { return expires - (length * 3) / 5; }
};

// Learns for each partition how far the broker's clock is from ours: the smallest difference seen
// in the last minutes, because a message can only be late. So it tells the age of an activation
// without the assumption that both clocks agree.
class clock_difference {
 public:
  // An activation that began at `activated` (epoch of the broker's clock) arrived here at `now`.
  // `oldest` is its greatest possible age, if that is known: a polled job is not older than its
  // poll.
  void learn(std::int64_t partition, milliseconds activated, boot_clock::time_point now,
             std::optional<milliseconds> oldest = std::nullopt);

  // The age of an activation, at least zero. The fastest arrival seen counts as age zero.
  [[nodiscard]] milliseconds age(std::int64_t partition, milliseconds activated,
                                 boot_clock::time_point now) const;

  // Whether anything was learned of that partition.
  [[nodiscard]] bool knows(std::int64_t partition) const { return windows_.contains(partition); }

 private:
  struct sample {
    boot_clock::time_point when;   // seen last
    boot_clock::time_point since;  // seen first, with the samples that it replaced
    milliseconds difference;
  };
  // Samples with growing difference: the front has the smallest one of the window.
  std::map<std::int64_t, std::deque<sample>> windows_;
};

}  // namespace worker::jobs
