// The subscription of this worker to one job type: a poller and, if the gateway pushes jobs, a
// stream. The subscription decides how many queue places polls may reserve, and it tells the stream
// what polls brought and when it must close. Must outlive its loops. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/jobs/job_poller.h"
#include "worker/jobs/job_streamer.h"
#include "worker/jobs/task_group.h"

namespace worker::jobs {

struct subscription_settings {
  std::string worker_name;
  std::vector<std::string> tenant_ids;
  milliseconds activation_timeout{60'000};
  milliseconds poll_timeout{10'000};
  bool stream = true;
  milliseconds stream_silence{60'000};
  std::size_t subscriptions = 1;  // of the whole worker: they share the byte budget
};

struct subscription_snapshot {
  std::string type;
  poll_counters polls;
  stream_counters pushes;
  std::string_view stream = "off";  // name_of(stream_state)
  poll_state poll = poll_state::asking;
};

// The facts that the share of a poll depends on.
struct poll_share {
  std::size_t queue_places = 0;       // of the worker
  std::size_t guaranteed_places = 0;  // of one type
  std::size_t jobs_that_fit = 0;      // into the free bytes
  bool has_stream = true;
  bool stream_closed_full = false;
  bool last_poll_was_full = false;
};

// How many queue places the next poll may reserve. Pushed jobs need places too.
// * No stream, or a stream that is closed while polls come back full: all places. The next poll
//   does not hang with its places when the stream is open again, and larger polls cost less.
// * Polls that come back full beside an open stream: half of the places.
// * Otherwise the guaranteed places: a type without jobs hangs with no more than these.
std::size_t max_places_of_poll(const poll_share& share);

class job_subscription final : private job_poller::owner {
 public:
  // All of them must outlive the subscription.
  struct dependencies {
    engine::gateway& engine;
    capacity& shared_capacity;
    job_dispatcher& dispatcher;
    gateway_outage& outage;
    connector::random_source random;
  };

  job_subscription(const boost::asio::any_io_executor& loop, const dependencies& deps,
                   const job_type& type, const subscription_settings& settings);

  void start(task_group& loops);
  void stop();

  // Polls, and reads a paused stream on. Each takes its turn when a place came free.
  void capacity_came_free();

  // The queue is full for `type`. Pauses the stream if that is its type, or if what all types share
  // is used up; closes it if a job found no place.
  void queue_is_full(const job_type& type, bool set_aside);

  // Polls and streams ask for this length from now on. An open stream is closed and opened again.
  void use_activation_timeout(milliseconds timeout);

  [[nodiscard]] const engine::activation& request() const { return request_; }
  [[nodiscard]] subscription_snapshot snapshot() const;
  [[nodiscard]] boot_clock::time_point last_contact() const { return poller_.last_contact(); }

 private:
  [[nodiscard]] std::size_t max_queue_places() const override;
  void poll_answered(std::size_t asked, std::size_t got) override;

  const job_type& type_;
  capacity& capacity_;
  job_dispatcher& dispatcher_;
  std::size_t sharers_;  // polls and streams of the whole worker
  engine::activation request_;
  job_poller poller_;
  std::optional<job_streamer> streamer_;
};

}  // namespace worker::jobs
