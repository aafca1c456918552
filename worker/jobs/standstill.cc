#include "worker/jobs/standstill.h"

#include <algorithm>

namespace worker::jobs {

namespace {

// TCP sends again what a sleeping machine did not confirm, after pauses that double up to this.
constexpr std::chrono::minutes longest_repetition{2};
// After this everything that arrived has been read.
constexpr milliseconds longest_reading{10'000};

}  // namespace

standstill::standstill(milliseconds length)
    : counts_(length / 4), reading_(std::min(counts_, longest_reading)) {}

void standstill::tick(boot_clock::time_point now) {
  if (stands(now)) {
    began_ = began();
    until_ = now + std::min<boot_clock::duration>(now - began_, longest_repetition) + reading_;
  }
  ticked_ = now;
}

milliseconds standstill::greatest_age(boot_clock::time_point now) const {
  if (!stands(now) && now >= until_) return milliseconds(0);
  return std::chrono::duration_cast<milliseconds>(now - (stands(now) ? began() : began_));
}

bool standstill::stands(boot_clock::time_point now) const {
  return ticked_ && now - *ticked_ > counts_;
}

boot_clock::time_point standstill::began() const { return *ticked_ < until_ ? began_ : *ticked_; }

}  // namespace worker::jobs
