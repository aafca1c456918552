// The time for which a job is ours: pure arithmetic over boot_clock. The engine keeps no owner of a
// job, so everything that only its holder may do is decided by this clock, with a margin.
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

  // Left to do something that only the holder may do and that takes a round trip.
  [[nodiscard]] bool alive_with_margin(boot_clock::time_point now) const {
    return now + margin() < expires;
  }
  // A tenth of the lease, between 20 ms and 2 s.
  [[nodiscard]] milliseconds margin() const;

  // Before half of it is gone, so that a refused extension can be tried again many times.
  [[nodiscard]] boot_clock::time_point extend_at() const { return expires - (length * 3) / 5; }
};

// Learns, per partition, how far the broker's clock is ahead of or behind ours: the smallest
// difference seen in the last minutes, because a message can only be late. Gives the age of an
// activation without trusting that the two clocks agree.
class clock_difference {
 public:
  // An activation that began at `activated` (broker's epoch) arrived here at `now`. `oldest` is how
  // old it can be at most, where that is known: a polled job is no older than its poll.
  void learn(std::int64_t partition, milliseconds activated, boot_clock::time_point now,
             std::optional<milliseconds> oldest = std::nullopt);

  // How old it is, at least zero; the fastest arrival seen counts as age zero.
  [[nodiscard]] milliseconds age(std::int64_t partition, milliseconds activated,
                                 boot_clock::time_point now) const;

 private:
  struct sample {
    boot_clock::time_point when;   // seen last
    boot_clock::time_point since;  // the oldest that it stands for
    milliseconds difference;
  };
  // Samples with growing difference: the front is the smallest of the window.
  std::map<std::int64_t, std::deque<sample>> windows_;
};

}  // namespace worker::jobs
