#include "connector/lambda/call_pace.h"

#include <algorithm>

namespace connector::lambda {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_return{1000};  // engines look at back-offs once a second
constexpr milliseconds last_return{300'000};
// Of a function that is paused for hours: few jobs come back soon after its end, many do not burden
// the engine meanwhile.
constexpr milliseconds first_return_of_pause{10'000};
constexpr milliseconds spacing_of_pause{100};
constexpr milliseconds guessed_time{20};  // of a call's time
constexpr int mean_weight = 5;

boot_clock::duration interval_of(const call_bounds& bounds) {
  if (!bounds.per_second) return boot_clock::duration::zero();
  return std::chrono::duration_cast<boot_clock::duration>(
      std::chrono::duration<double>(1 / *bounds.per_second));
}

}  // namespace

std::optional<boot_clock::time_point> call_pace::next_at(const call_bounds& bounds) const {
  if (!bounds.per_second || !last_) return std::nullopt;
  return *last_ + interval_of(bounds);
}

bool call_pace::may_begin(boot_clock::time_point now, const call_bounds& bounds) const {
  if (bounds.paused || (bounds.at_once && under_way_ >= *bounds.at_once)) return false;
  return next_at(bounds).value_or(now) <= now;
}

bool call_pace::idle(boot_clock::time_point now, const call_bounds& bounds) const {
  return under_way_ == 0 && next_at(bounds).value_or(now) <= now && turn_.value_or(now) <= now;
}

void call_pace::began(boot_clock::time_point now, const call_bounds& bounds) {
  ++under_way_;
  // One that begins a little late does not delay those after it.
  const auto planned = next_at(bounds);
  const bool in_time = planned && now - *planned < interval_of(bounds);
  last_ = in_time ? *planned : now;
}

void call_pace::ended(boot_clock::duration took) {
  --under_way_;
  mean_ = mean_ ? *mean_ + (took - *mean_) / mean_weight : took;
}

boot_clock::duration call_pace::spacing(const call_bounds& bounds) const {
  if (bounds.paused) return spacing_of_pause;
  auto out = interval_of(bounds);
  if (bounds.at_once) {
    const auto each = mean_.value_or(guessed_time) / static_cast<std::int64_t>(*bounds.at_once);
    out = std::max(out, each);
  }
  return out;
}

milliseconds call_pace::come_back(boot_clock::time_point now, const call_bounds& bounds,
                                  const random_source& random) {
  if (bounds != turn_bounds_) {
    turn_.reset();
    turn_bounds_ = bounds;
  }
  const auto first = now + (bounds.paused ? first_return_of_pause : first_return);
  const auto end = now + last_return;
  const auto turn = std::max(first, turn_.value_or(first));
  if (turn < end) {
    turn_ = turn + spacing(bounds);
    return std::chrono::ceil<milliseconds>(turn - now);
  }
  // More than have a turn of their own within the time: anywhere in it.
  const auto range = std::chrono::duration<double, std::nano>(end - first) * random();
  return std::chrono::ceil<milliseconds>(first - now +
                                         std::chrono::duration_cast<boot_clock::duration>(range));
}

}  // namespace connector::lambda
