// Asks for jobs of one type by long polling. Places of the waiting room are reserved before it
// asks, as many as jobs can start soon; it asks again as soon as slots come free. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstdint>
#include <functional>

#include "connector/base/backoff.h"
#include "connector/base/boot_timer.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/job_dispatcher.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

// How many jobs to ask for: those that a slot is free for, and as many ahead as will have ended in
// the next few milliseconds; never more than places that polls may use.
std::size_t jobs_to_ask_for(std::size_t free_slots, std::size_t free_queue_places,
                            std::size_t share, std::size_t waiting, double ends_per_second);

struct poll_counters {
  std::uint64_t polls = 0;
  std::uint64_t empty = 0;
  std::uint64_t failed = 0;
  std::uint64_t jobs = 0;
};

class job_poller {
 public:
  // References must outlive the poller. `wait` is how long an empty poll hangs at the gateway.
  // `ask` gives the request, because its timeout can change; `share` the most places that this
  // poller may reserve now. `returned` is told of every poll that was answered, what it asked
  // for and what it got; less means that the backlog is empty.
  job_poller(boost::asio::any_io_executor loop, engine::gateway& engine, capacity& shared,
             job_dispatcher& jobs, const job_type& type, milliseconds wait,
             std::function<engine::activation()> ask, std::function<std::size_t()> share,
             std::function<void(std::size_t asked, std::size_t got)> returned,
             connector::random_source random);

  boost::asio::awaitable<void> run();
  void stop();
  // Something came free: asks again if it was room that it waited for. Back-off is waited out.
  void capacity_came_free() {
    if (waits_for_capacity_) wake_.cancel();
  }

  // The last poll brought all that it asked for.
  [[nodiscard]] bool last_poll_was_full() const { return last_poll_was_full_; }
  [[nodiscard]] const poll_counters& count() const { return count_; }
  [[nodiscard]] boost::asio::cancellation_signal& cancel() { return cancel_; }
  // Last time the gateway answered a poll with OK.
  [[nodiscard]] boot_clock::time_point last_contact() const { return last_contact_; }

 private:
  struct poll_round {
    std::size_t asked = 0;
    std::size_t got = 0;
    engine::status answer;
    milliseconds took{0};
  };
  boost::asio::awaitable<void> poll(poll_round& current);
  boost::asio::awaitable<void> pause(milliseconds at_most);
  void report(const poll_round& last, int failures);
  [[nodiscard]] std::size_t wanted() const;

  boost::asio::any_io_executor loop_;
  engine::gateway& engine_;
  capacity& capacity_;
  job_dispatcher& jobs_;
  const job_type& type_;
  bool last_poll_was_full_ = false;
  milliseconds wait_;
  std::function<engine::activation()> ask_;
  std::function<std::size_t()> share_;
  std::function<void(std::size_t asked, std::size_t got)> returned_;
  connector::random_source random_;
  connector::boot_timer wake_;
  boost::asio::cancellation_signal cancel_;
  bool stopping_ = false;
  bool waits_for_capacity_ = false;
  boot_clock::time_point last_contact_{};
  boot_clock::time_point last_report_{};
  poll_counters count_;
};

}  // namespace worker::jobs
