#include "tests/sandbox/lambda/account.h"

#include <functional>
#include <utility>

namespace sandbox {

std::size_t account::string_hash::operator()(std::string_view text) const noexcept {
  return std::hash<std::string_view>()(text);
}

account::account(bool record, bool count_jobs) : record_(record), count_jobs_(count_jobs) {}

totals account::counted() const {
  const std::lock_guard lock(guard_);
  return totals_;
}

tally account::function(std::string_view name) const {
  const std::lock_guard lock(guard_);
  const auto found = functions_.find(name);
  return found == functions_.end() ? tally{} : found->second;
}

tally account::job(std::string_view job_key) const {
  const std::lock_guard lock(guard_);
  const auto found = jobs_.find(job_key);
  return found == jobs_.end() ? tally{} : found->second;
}

std::map<std::string, tally> account::functions() const {
  const std::lock_guard lock(guard_);
  return {functions_.begin(), functions_.end()};
}

std::map<std::string, tally> account::jobs() const {
  const std::lock_guard lock(guard_);
  return {jobs_.begin(), jobs_.end()};
}

std::vector<recorded_call> account::invocations() const {
  const std::lock_guard lock(guard_);
  return calls_;
}

std::vector<std::string> account::refusals() const {
  const std::lock_guard lock(guard_);
  return refusals_;
}

void account::reset() {
  const std::lock_guard lock(guard_);
  const totals before = std::exchange(totals_, {});
  totals_.open_connections = before.open_connections;
  totals_.running = before.running;
  functions_.clear();
  jobs_.clear();
  attempts_.clear();
  calls_.clear();
  refusals_.clear();
  changed();
}

bool account::wait_for(const std::function<bool(const totals&)>& done,
                       std::chrono::milliseconds limit) const {
  std::unique_lock lock(guard_);
  ++waiting_;
  const bool met = change_.wait_for(lock, limit, [&] { return done(totals_); });
  --waiting_;
  return met;
}

tally& account::of(tallies& table, std::string_view key) {
  const auto found = table.find(key);
  return found != table.end() ? found->second : table.emplace(key, tally{}).first->second;
}

void account::changed() {
  if (waiting_ > 0) change_.notify_all();
}

void account::connection_opened() {
  const std::lock_guard lock(guard_);
  ++totals_.connections;
  ++totals_.open_connections;
  changed();
}

void account::connection_closed() {
  const std::lock_guard lock(guard_);
  --totals_.open_connections;
  changed();
}

void account::handshake_done(bool resumed) {
  const std::lock_guard lock(guard_);
  ++totals_.handshakes;
  if (resumed) ++totals_.resumptions;
  changed();
}

void account::request_read() {
  const std::lock_guard lock(guard_);
  ++totals_.requests;
  changed();
}

void account::request_refused(const std::string& message) {
  const std::lock_guard lock(guard_);
  ++totals_.refused;
  if (refusals_.size() < 100) refusals_.push_back(message);
  changed();
}

std::uint64_t account::invoke_requested(const invocation& request) {
  const std::lock_guard lock(guard_);
  const auto count = [&](tally& counts) {
    ++counts.requests;
    counts.bytes_in += request.payload.size();
  };
  count(of(functions_, request.function));
  if (!count_jobs_ || request.job_key.empty()) return 1;
  count(of(jobs_, request.job_key));
  return ++attempts_[request.function + ' ' + request.job_key];
}

void account::invoke_started(const invocation& request) {
  const std::lock_guard lock(guard_);
  ++totals_.executions;
  ++totals_.running;
  ++of(functions_, request.function).executions;
  if (count_jobs_ && !request.job_key.empty()) ++of(jobs_, request.job_key).executions;
  changed();
}

void account::invoke_finished(const invocation& request, int status, std::size_t bytes_out,
                              bool executed) {
  const std::lock_guard lock(guard_);
  if (executed) --totals_.running;
  of(functions_, request.function).bytes_out += bytes_out;
  if (count_jobs_ && !request.job_key.empty()) of(jobs_, request.job_key).bytes_out += bytes_out;
  if (record_) calls_.push_back({request, status, executed});
  changed();
}

}  // namespace sandbox
