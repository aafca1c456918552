#include "worker/jobs/turn_waits.h"

#include <boost/asio/this_coro.hpp>
#include <utility>
#include <vector>

#include "connector/base/cancellation.h"
#include "connector/base/wait.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

namespace asio = boost::asio;

bool turn_waits::take_slot(capacity& from, active_job& active) {
  auto slot = from.take_slot(active.type().type_index);
  if (!slot) return false;
  active.take_slot(*std::move(slot));
  return true;
}

turn_waits::place::~place() {
  if (waits_now_) waits_.places_.erase(at_);
}

bool turn_waits::place::begin() {
  if (waits_.stopping_ || waits_.capacity_.over_budget()) return false;
  at_ = waits_.places_.insert(waits_.places_.end(), this);
  waits_now_ = true;
  active_->give_back_slot();
  return true;
}

asio::awaitable<bool> turn_waits::place::end() {
  if (!waits_now_) co_return true;
  if (!take_slot(waits_.capacity_, *active_)) {
    const auto loop = co_await asio::this_coro::executor;
    connector::boot_timer given(loop, boot_clock::time_point::max());
    needs_slot_ = &given;
    co_await connector::wait(given);
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (std::exchange(needs_slot_, nullptr) != nullptr || connector::is_cancelled(cancelled)) {
      co_return false;
    }
  }
  waits_.places_.erase(at_);
  waits_now_ = false;
  co_return true;
}

void turn_waits::serve() {
  for (auto* const each : places_) {
    if (each->needs_slot_ == nullptr || !take_slot(capacity_, *each->active_)) continue;
    std::exchange(each->needs_slot_, nullptr)->cancel();
  }
}

void turn_waits::stop() {
  stopping_ = true;
  std::vector<active_job_ptr> all;
  all.reserve(places_.size());
  for (const auto* const each : places_) all.push_back(each->active_);
  for (const auto& each : all) each->stop();
}

}  // namespace worker::jobs
