#include "worker/jobs/job_subscription.h"

#include <algorithm>

#include "worker/jobs/task.h"

namespace worker::jobs {

namespace {

engine::activation request_for(const job_type& type, const subscription_settings& settings) {
  engine::activation out;
  out.type = type.name;
  out.worker = settings.worker_name;
  out.timeout = settings.activation_timeout;
  out.fetch_variables = fetched_variables(*type.operation, type.default_headers);
  out.tenant_ids = settings.tenant_ids;
  out.with_lease = type.lease != lease_mode::off;
  return out;
}

}  // namespace

std::size_t max_places_of_poll(const poll_share& share) {
  const bool polls_alone =
      !share.has_stream || (share.last_poll_was_full && share.stream_closed_full);
  const std::size_t beside_stream =
      share.last_poll_was_full ? share.queue_places / 2 : share.guaranteed_places;
  const auto places = polls_alone ? share.queue_places : std::max<std::size_t>(1, beside_stream);
  return std::min(share.jobs_that_fit, places);
}

job_subscription::job_subscription(const boost::asio::any_io_executor& loop,
                                   const dependencies& deps, const job_type& type,
                                   const subscription_settings& settings)
    : type_(type),
      capacity_(deps.shared_capacity),
      dispatcher_(deps.dispatcher),
      sharers_(settings.subscriptions * (settings.stream ? 2 : 1)),
      request_(request_for(type, settings)),
      poller_(loop,
              {deps.engine, deps.shared_capacity, deps.dispatcher, *this, deps.outage, deps.random},
              type, request_, settings.poll_timeout) {
  if (settings.stream) {
    streamer_.emplace(
        loop, job_streamer::dependencies{deps.engine, deps.dispatcher, deps.outage, deps.random},
        type, request_, settings.stream_silence);
  }
}

void job_subscription::start(task_group& loops) {
  loops.spawn(poller_.run(), poller_.cancel(), nullptr);
  if (streamer_) loops.spawn(streamer_->run());
}

void job_subscription::stop() {
  poller_.stop();
  if (streamer_) streamer_->stop();
}

void job_subscription::queue_is_full(const job_type& type, bool set_aside) {
  const bool concerned =
      &type == &type_ || capacity_.free_queue_places() == 0 || capacity_.over_budget();
  if (!concerned || !streamer_) return;
  if (set_aside) {
    streamer_->close_full();
  } else {
    streamer_->pause_full();
  }
}

void job_subscription::capacity_came_free() {
  if (streamer_ && streamer_->state() == stream_state::paused) poller_.take_turn();
  poller_.capacity_came_free();
  if (streamer_) streamer_->capacity_came_free();
}

void job_subscription::use_activation_timeout(milliseconds timeout) {
  request_.timeout = timeout;
  if (streamer_) streamer_->renew();
}

std::size_t job_subscription::max_queue_places() const {
  poll_share share;
  share.queue_places = capacity_.queue_places();
  share.guaranteed_places = capacity_.guaranteed_queue_places();
  // Every poll and every stream of the worker may bring its part of the free bytes.
  share.jobs_that_fit = dispatcher_.size_of(type_).how_many_fit(capacity_.free_bytes(), sharers_);
  share.has_stream = streamer_.has_value();
  share.stream_closed_full = streamer_ && streamer_->state() == stream_state::closed_full;
  share.last_poll_was_full = poller_.last_poll_was_full();
  return max_places_of_poll(share);
}

void job_subscription::poll_answered(std::size_t asked, std::size_t got) {
  if (!streamer_) return;
  if (got > 0) streamer_->polls_brought(got);
  if (got < asked) streamer_->backlog_is_empty();
}

subscription_snapshot job_subscription::snapshot() const {
  subscription_snapshot out{type_.name, poller_.count(), {}, "off", poller_.state()};
  if (streamer_) {
    out.pushes = streamer_->count();
    out.stream = name_of(streamer_->state());
  }
  return out;
}

}  // namespace worker::jobs
