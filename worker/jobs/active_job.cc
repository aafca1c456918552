#include "worker/jobs/active_job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <utility>

#include "worker/jobs/job_type.h"

namespace worker::jobs {

namespace asio = boost::asio;

std::string_view name_of(job_state state) {
  switch (state) {
    case job_state::arrived:
      return "arrived";
    case job_state::queued:
      return "queued";
    case job_state::set_aside:
      return "set_aside";
    case job_state::releasing:
      return "releasing";
    case job_state::running:
      return "running";
    case job_state::failing:
      return "failing";
    case job_state::gone:
      return "gone";
  }
  return "";
}

active_job::active_job(asio::any_io_executor loop, engine::job job, const job_type& type,
                       lease granted)
    : job_(std::move(job)), type_(type), lease_(granted), change_(std::move(loop)) {}

void active_job::wait_in_queue(std::optional<capacity::permit> place) {
  queue_place_ = std::move(place);
  state_ = job_state::queued;
}

void active_job::set_aside() { state_ = job_state::set_aside; }

void active_job::release() {
  slot_.reset();
  queue_place_.reset();
  state_ = job_state::releasing;
}

void active_job::start(std::optional<capacity::permit> slot) {
  slot_ = std::move(slot);
  started_ = true;
  started_at_ = boot_clock::now();
  state_ = job_state::running;
}

void active_job::found_gone() {
  gone_ = true;
  abandon();
}

void active_job::found_fenced() {
  facts_.fenced = true;
  found_gone();
}

void active_job::stop() {
  stops_ = true;
  abandon();
}

void active_job::abandon() {
  abandon_signal_.emit(asio::cancellation_type::terminal);
  change_.cancel();
}

bool active_job::activated_again(engine::job job, const lease& granted) {
  if (state_ == job_state::failing || is_fenced()) {
    // The engine was faster than the answer to our FailJob: this activation is the retry. Or the
    // run that ends here belongs to an activation that is over.
    next_ = std::make_unique<next_activation>(next_activation{std::move(job), granted});
    return false;
  }
  ++activation_;
  lease_ = granted;
  extendable_ = true;
  if (started_) {
    job_.retries = job.retries;
    job_.lease_token = std::move(job.lease_token);
  } else {
    // Its variables may have changed: another worker wrote a marker, or a person corrected them.
    job_ = std::move(job);
    if (bytes_) bytes_->resize(job_.variables.size() + job_.headers.size());
  }
  change_.cancel();
  return true;
}

bool active_job::may_start(boot_clock::time_point now) const {
  const bool waits = state_ == job_state::arrived || state_ == job_state::queued;
  return waits && !gone_ && lease_.alive_with_margin(now);
}

bool active_job::may_call(boot_clock::time_point now) const {
  return state() == job_state::running && !stops_ && lease_.alive_with_margin(now);
}

bool active_job::may_be_failed(boot_clock::time_point now) const {
  return !gone_ && !next_ && may_end(now);
}

bool active_job::may_be_completed(boot_clock::time_point now, bool call_may_have_run) const {
  return !gone_ && (call_may_have_run || may_end(now));
}

bool active_job::may_be_extended(boot_clock::time_point now) const {
  return !gone_ && state_ != job_state::set_aside && extendable_ && !extending_ &&
         lease_.alive(now) && now >= lease_.extend_at() && now >= no_extension_before_;
}

unsigned active_job::begin_extension() {
  extending_ = true;
  return activation_;
}

void active_job::extended(boot_clock::time_point asked_at, milliseconds length) {
  extending_ = false;
  lease_.length = length;
  lease_.expires = std::max(lease_.expires, asked_at + length);
}

void active_job::extension_postponed(boot_clock::time_point now) {
  extending_ = false;
  no_extension_before_ = now + lease_.length / 40;
}

bool active_job::extension_refused(unsigned activation) {
  extending_ = false;
  if (activation != activation_) return false;
  extendable_ = false;
  return true;
}

void active_job::lose_lease(boot_clock::time_point now) {
  lease_.expires = std::min(lease_.expires, now);
}

engine::job& active_job::begin_reading() {
  read_ = activation_;
  return job_;
}

void active_job::keep_response_memory(connector::memory_permit permit) {
  response_memory_ = std::move(permit);
}

void active_job::count_result(std::size_t bytes) {
  // A large response has memory of its own until it was sent once.
  if (bytes_) bytes_->resize(job_.headers.size() + (response_memory_ ? 0 : bytes));
}

void active_job::result_is_held(std::size_t bytes) {
  slot_.reset();
  response_memory_.reset();
  count_result(bytes);
}

void active_job::keep_secrets(std::vector<secrets::redaction_registry::handle> used) {
  secrets_.insert(secrets_.end(), std::make_move_iterator(used.begin()),
                  std::make_move_iterator(used.end()));
}

const secrets::redactor& active_job::prepare_masks(const secrets::redaction_registry& registry) {
  masks_ = registry.for_job(secrets_);
  return *masks_;
}

std::string active_job::masked(std::string text) const {
  return masks_ ? masks_->mask(std::move(text)) : text;
}

milliseconds active_job::waited() const {
  return std::chrono::duration_cast<milliseconds>(started_at_ - arrived_at_);
}

milliseconds active_job::ran(boot_clock::time_point now) const {
  return std::chrono::duration_cast<milliseconds>(now - started_at_);
}

end_report active_job::report(job_end end) const {
  end_report out;
  out.at = connector::wall_clock::now();
  out.end = end;
  out.job_type = type_.name;
  out.job_key = job_.key;
  out.process_instance_key = job_.process_instance_key;
  out.bpmn_process_id = job_.bpmn_process_id;
  out.element_id = job_.element_id;
  out.business_id = masked(job_.business_id);
  out.tags = masked(fmt::format("{}", fmt::join(job_.tags, ",")));
  out.physical_tenant = job_.physical_tenant;
  out.priority = job_.priority;
  out.held = std::chrono::duration_cast<milliseconds>(boot_clock::now() - arrived_at_);
  out.facts = facts_;
  return out;
}

asio::awaitable<void> active_job::wait_for_change(milliseconds at_most) {
  change_.expires_after(at_most);
  boost::system::error_code ignored;
  co_await change_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace worker::jobs
