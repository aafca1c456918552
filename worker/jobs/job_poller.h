// Asks for the jobs of one type by long polling. Before it asks it reserves queue places, as many
// as jobs can start soon; it asks again as soon as slots come free. Must outlive run(). Loop's
// thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "connector/base/backoff_limits.h"
#include "connector/base/boot_timer.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/gateway_outage.h"
#include "worker/jobs/job_dispatcher.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

// How many jobs to ask for: one for each free slot, and as many more as will have ended in the next
// ten milliseconds. `max_places`: what this poll may reserve.
std::size_t jobs_to_ask_for(std::size_t free_slots, std::size_t free_queue_places,
                            std::size_t max_places, std::size_t queued, double ends_per_second);

struct poll_counters {
  std::uint64_t polls = 0;
  std::uint64_t empty = 0;
  std::uint64_t failed = 0;
  std::uint64_t jobs = 0;
};

// What a poller does at the moment.
enum class poll_state {
  asking,      // its question hangs at the gateway, or jobs of its answer arrive
  no_room,     // no slot or no memory is free
  backing_off  // the last poll failed, or came back empty too early
};
inline constexpr std::size_t poll_states = 3;

// "asking"; in metrics.
std::string_view name_of(poll_state state);

class job_poller {
 public:
  // The subscription that the poller belongs to.
  class owner {
   public:
    // How many queue places the next poll may reserve.
    [[nodiscard]] virtual std::size_t max_queue_places() const = 0;
    // A poll was answered. Fewer jobs than it asked for mean that the engine has no more of them.
    virtual void poll_answered(std::size_t asked, std::size_t got) = 0;

   protected:
    ~owner() = default;
  };

  // All of them must outlive the poller.
  struct dependencies {
    engine::gateway& engine;
    capacity& shared_capacity;
    job_dispatcher& dispatcher;
    owner& subscription;
    gateway_outage& outage;
    connector::random_source random;
  };

  // `request` is read before each poll. `wait`: how long an empty poll hangs at the gateway.
  job_poller(boost::asio::any_io_executor loop, dependencies deps, const job_type& type,
             const engine::activation& request, milliseconds wait);

  boost::asio::awaitable<void> run();
  void stop();
  // Polls now, if it waits for capacity. A back-off is not shortened.
  void capacity_came_free() {
    if (state_ == poll_state::no_room) wake_.cancel();
  }
  // To be called while pushed jobs fill the queue, when a place came free and before the stream is
  // read on: reserves that place for the next poll, every 10 ms when the last one left a backlog at
  // the engine and once a second otherwise. Without it pushed jobs take every place, and the engine
  // never gives the jobs that were there before the stream.
  void take_turn();

  // The last poll brought all jobs that it asked for.
  [[nodiscard]] bool last_poll_was_full() const { return last_poll_was_full_; }
  [[nodiscard]] const poll_counters& count() const { return count_; }
  [[nodiscard]] poll_state state() const { return state_; }
  [[nodiscard]] boost::asio::cancellation_signal& cancel() { return cancel_; }
  // When the gateway last answered a poll with OK.
  [[nodiscard]] boot_clock::time_point last_contact() const { return last_contact_; }

 private:
  struct poll_round {
    std::size_t asked = 0;
    std::size_t got = 0;
    engine::status status;
    milliseconds took{0};
  };
  boost::asio::awaitable<void> poll(poll_round& current);
  boost::asio::awaitable<void> pause(poll_state why, milliseconds at_most);
  [[nodiscard]] std::size_t wanted() const;

  dependencies deps_;
  const job_type& type_;
  const engine::activation& request_;
  milliseconds wait_;
  connector::boot_timer wake_;
  boost::asio::cancellation_signal cancel_;
  bool last_poll_was_full_ = false;
  std::size_t turn_ = 0;  // queue places that take_turn() has reserved
  boot_clock::time_point asked_at_{};
  bool stopping_ = false;
  poll_state state_ = poll_state::asking;
  boot_clock::time_point last_contact_{};
  poll_counters count_;
};

}  // namespace worker::jobs
