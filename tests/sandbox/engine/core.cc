#include "tests/sandbox/engine/core.h"

#include <algorithm>
#include <utility>

#include "tests/sandbox/engine/rejections.h"

namespace sandbox::engine {

core::core(const options& o)
    : options_(o),
      epoch_start_(std::chrono::duration_cast<milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch()) +
                   o.clock_offset),
      table_({o.partitions, o.max_message_size, o.keep_variables, o.speaks, teller()}),
      timer_([this] { run_timer(); }) {}

std::function<void(job_event)> core::teller() {
  if (options_.parent == nullptr) return {};
  return [this](job_event event) {
    event.at = now();
    options_.parent->happened(std::move(event));
  };
}

core::~core() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  timer_wakes_.notify_all();
  timer_.join();
}

milliseconds core::now() const {
  return epoch_start_ +
         std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() -
                                                  steady_start_) +
         milliseconds(offset_);
}

core::turn::turn(core& c) : core_(c), lock_(c.mutex_), now_(c.now()) {}

core::turn::~turn() {
  core_.dispatch(*this);
  ++core_.version_;
  const bool watched = core_.watchers_ > 0;
  const bool ended = watched && core_.table_.totals().open == 0;
  lock_.unlock();
  for (auto& stream : kicks_) stream->kick();
  for (auto& action : after_) action();
  if (watched) core_.changed_.notify_all();
  if (ended) core_.all_ended_.notify_all();
}

core::interference core::interfere(turn&, rpc which, std::int64_t job_key,
                                   const grpc::CallbackServerContext& call) {
  ++calls_[static_cast<std::size_t>(which)];
  if (options_.authorize) {
    const auto found = call.client_metadata().find("authorization");
    const bool none = found == call.client_metadata().end();
    auto said = options_.authorize(none ? std::string()
                                        : std::string(found->second.data(), found->second.size()));
    if (!said.ok()) return {interference::kind::refuse, std::move(said)};
  }
  if (auto f = faults_.take(which, job_key)) {
    const bool hangs = f->effect == fault::kind::hang;
    return {hangs ? interference::kind::hang : interference::kind::refuse,
            hangs ? grpc::Status::OK : grpc::Status(f->code, f->message), f->applied, false};
  }
  const bool on_a_job = which != rpc::activate_jobs && which != rpc::stream_activated_jobs &&
                        which != rpc::topology && which != rpc::deploy_resource &&
                        which != rpc::create_process_instance &&
                        which != rpc::create_process_instance_with_result;
  if (!quorum_ && on_a_job) return {interference::kind::hang, grpc::Status::OK, false, true};
  const bool is_create =
      which == rpc::create_process_instance || which == rpc::create_process_instance_with_result;
  if (is_create && !quorum_) {
    return {interference::kind::refuse,
            {grpc::StatusCode::RESOURCE_EXHAUSTED,
             "Expected to execute the command on one of the partitions, but all failed"}};
  }
  if (back_pressure_ && (is_create || which == rpc::update_job_timeout)) {
    return {interference::kind::refuse, request_limit_exhausted(is_create ? 1 : job_key >> 51)};
  }
  return {};
}

void core::start_poll(turn& t, std::shared_ptr<waiting_poll> poll) {
  std::vector<gateway_protocol::ActivateJobsResponse> batches;
  grpc::Status end;
  bool waits = false;
  if (poll->cancelled) {
    end = grpc::Status::CANCELLED;
  } else if (back_pressure_) {
    end = jobs_exhausted(poll->wanted.type);
  } else if (quorum_) {
    if (poll->max_jobs > 0) batches = t.table().poll(poll->wanted, poll->max_jobs, t.now());
    waits = batches.empty() && poll->timeout >= milliseconds{0};
  }
  if (waits) {
    poll->until = t.now() + (poll->timeout == milliseconds{0} ? options_.default_request_timeout
                                                              : poll->timeout);
    polls_.push_back(std::move(poll));
    timer_wakes_.notify_one();
    return;
  }
  t.after([poll = std::move(poll), batches = std::move(batches), end]() mutable {
    poll->answer(std::move(batches), end);
  });
}

void core::open(turn& t, std::shared_ptr<open_stream> stream) {
  if (stream->cancelled) {
    t.after([stream] { stream->close(grpc::Status::CANCELLED); });
    return;
  }
  streams_[stream->wanted.type].streams.push_back(std::move(stream));
}

void core::hold(turn& t, std::shared_ptr<held_call> call, const interference& why) {
  call->for_quorum = why.for_quorum;
  if (why.for_quorum) call->until = t.now() + options_.command_timeout;
  held_.push_back(std::move(call));
  timer_wakes_.notify_one();
}

void core::lift(turn& t, std::optional<rpc> which) {
  if (which) {
    faults_.lift(*which);
  } else {
    faults_.lift_all();
  }
  for (auto it = held_.begin(); it != held_.end();) {
    const bool freed = !(*it)->for_quorum && (!which || (*it)->which == *which);
    if (freed) t.after([call = *it] { call->resume(); });
    it = freed ? held_.erase(it) : std::next(it);
  }
}

void core::set_back_pressure(turn& t, bool on) {
  back_pressure_ = on;
  serve_polls(t);
}

void core::set_quorum(turn& t, bool there) {
  quorum_ = there;
  serve_polls(t);
  if (!there) return;
  for (auto it = held_.begin(); it != held_.end();) {
    if ((*it)->for_quorum) t.after([call = *it] { call->resume(); });
    it = (*it)->for_quorum ? held_.erase(it) : std::next(it);
  }
}

void core::close_streams(turn& t, const grpc::Status& end) {
  for (auto& [type, group] : streams_) {
    for (auto& stream : group.streams) t.after([stream, end] { stream->close(end); });
  }
  streams_.clear();
}

bool core::push_late(turn& t, std::int64_t job_key) {
  const job_record* job = table_.find(job_key);
  const auto found = job == nullptr ? streams_.end() : streams_.find(job->spec->spec.type);
  if (found == streams_.end() || found->second.streams.empty()) return false;
  const auto& stream = found->second.streams.front();
  gateway_protocol::ActivatedJob out;
  table_.describe(*job, stream->wanted, t.now(), out);
  stream->put(std::move(out));
  t.kicks_.push_back(stream);
  return true;
}

void core::end_polls(turn& t, const grpc::Status& end) {
  for (auto& poll : polls_) t.after([poll, end] { poll->answer({}, end); });
  polls_.clear();
}

bool core::drop(const waiting_poll& poll) {
  turn t(*this);
  return std::erase_if(polls_, [&](auto& p) { return p.get() == &poll; }) > 0;
}

bool core::drop_held(const void* owner) {
  turn t(*this);
  return std::erase_if(held_, [&](auto& c) { return c->owner == owner; }) > 0;
}

void core::drop(const open_stream& stream) {
  turn t(*this);
  auto group = streams_.find(stream.wanted.type);
  if (group == streams_.end()) return;
  std::erase_if(group->second.streams, [&](auto& s) { return s.get() == &stream; });
}

std::size_t core::streams() const {
  std::size_t sum = 0;
  for (const auto& [type, group] : streams_) sum += group.streams.size();
  return sum;
}

void core::dispatch(turn& t) {
  if (!table_.has_fresh()) return;
  for (job_record* job : table_.take_fresh()) {
    if (job->state != job_state::activatable) continue;
    if (!quorum_ || !push(t, *job)) table_.enqueue(*job);
  }
  serve_polls(t);
}

bool core::push(turn& t, job_record& job) {
  auto found = streams_.find(job.spec->spec.type);
  if (found == streams_.end()) return false;
  auto& [streams, next] = found->second;
  for (std::size_t tried = 0; tried < streams.size(); ++tried) {
    const auto& stream = streams[next++ % streams.size()];
    const auto& tenants = stream->wanted.tenants;
    const bool fits =
        (!job.leased() || stream->wanted.with_lease) &&
        std::find(tenants.begin(), tenants.end(), job.spec->spec.tenant_id) != tenants.end();
    if (!fits || !stream->has_room()) continue;
    gateway_protocol::ActivatedJob out;
    table_.push(job, stream->wanted, t.now(), out);
    stream->put(std::move(out));
    if (t.kicks_.empty() || t.kicks_.back() != stream) t.kicks_.push_back(stream);
    return true;
  }
  return false;
}

void core::serve_polls(turn& t) {
  if (!quorum_ || back_pressure_) return;
  for (auto it = polls_.begin(); it != polls_.end();) {
    auto& poll = *it;
    std::vector<gateway_protocol::ActivateJobsResponse> batches;
    if (poll->max_jobs > 0) batches = table_.poll(poll->wanted, poll->max_jobs, t.now());
    if (batches.empty()) {
      ++it;
      continue;
    }
    t.after([poll, batches = std::move(batches)]() mutable {
      poll->answer(std::move(batches), grpc::Status::OK);
    });
    it = polls_.erase(it);
  }
}

}  // namespace sandbox::engine
