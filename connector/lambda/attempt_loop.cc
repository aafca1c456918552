#include "connector/lambda/attempt_loop.h"

#include <algorithm>
#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"
#include "connector/base/wait.h"
#include "connector/lambda/attempt_failure.h"
#include "connector/lambda/attempt_outcome.h"

namespace connector::lambda {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

// Other keys may be taken: these have expired, or were revoked since they were fetched. Only the
// service itself is believed: the keys are those of other jobs too, which would wait for new ones.
bool refuses_keys(const operation_call& operation, const outcome& out) {
  if (operation.may_be_anybodys()) return false;
  aws::service_failure failure;
  failure.name = out.failed()->aws_error;
  return aws::says_old_keys(failure);
}

// What is throttled as one: what one identity calls at one endpoint, be it a function, a function
// URL, or an operation_id of the API. Others' calls of the same name are others' business.
std::string lane_of(const operation_call& operation) {
  const auto& to = operation.request.to;
  // By hand, because every call asks for it.
  std::string lane = aws::name_of(operation.who);
  lane.append("\n").append(to.tls ? "https" : "http").append("://").append(http::host_header(to));
  lane.append("\n").append(operation.region).append("\n");
  if (operation.is_url) return lane.append("url");
  const bool of_api = operation.function.empty() || !operation.about.empty();
  return lane.append(of_api ? spec_of(operation.operation).name
                            : std::string_view(operation.function));
}

// A connection that was held so long before it broke is not a sign of a host that is down.
constexpr std::chrono::seconds long_wait{5};

bool may_go_again(const error& e) {
  return e.failure == failure_class::not_started || e.failure == failure_class::throttled;
}

}  // namespace

asio::awaitable<void> attempt_loop::run(operation_call& operation, const call& asked,
                                        boot_clock::time_point started, outcome& out) {
  out.function = operation.function;
  out.region = operation.region;
  out.notes = operation.notes;
  const deadline own_end = started + operation.timeout;
  const deadline end = asked.end == deadline{} ? own_end : std::min(asked.end, own_end);
  operation.end = end;
  if (end < own_end) operation.job_timeout = asked.job_timeout;
  std::string refused_key;  // the access key that the service did not take; empty: none yet
  int attempts_here = 0;    // of this exchange; a call that pages has several
  bool clock_corrected = false;
  operation.at_most_once = asked.at_most_once;
  std::optional<failure_class> failed_before;
  const std::string lane = lane_of(operation);
  for (;;) {
    concurrency_limiter::permit passed;
    auto let = concurrency_limiter::admission::granted;
    if (!limiter_.enter_at_once(lane, passed)) let = co_await enter(lane, end, passed);
    if (let != concurrency_limiter::admission::granted) {
      if (!failed_before) note_not_let_through(operation, let, out);
      const bool tried = let == concurrency_limiter::admission::time_over && failed_before;
      if (let != concurrency_limiter::admission::cancelled && !tried)
        out.postponed = limiter_.come_back(lane);
      co_return;
    }
    std::optional<aws::credentials> keys;
    if (operation.is_signed) {
      auto got = co_await keys_for(operation, end);
      if (!got) {
        note_without_credentials(operation, got.error(), out);
        co_return;
      }
      // The same key again: there is nothing fresher, and the answer would be the same.
      if (!refused_key.empty() && got->access_key_id == refused_key) co_return;
      keys = *std::move(got);
    }
    if (asked.may_send && !asked.may_send()) {
      note_no_longer_ours(operation, out);
      co_return;
    }
    ++out.attempts;
    ++attempts_here;
    const aws::credentials* const signs = keys ? &*keys : nullptr;
    const auto asked_at = settings_.now();
    const next then = co_await attempt(operation, signs, end, out);
    // It waited for a durable execution until something on the way gave up.
    if (operation.effect == side_effect::attaches && settings_.now() - asked_at >= long_wait) {
      attempts_here = 1;
    }
    const error* const wrong = then == next::another_exchange ? nullptr : out.failed();
    settle(operation, passed, wrong);
    if (wrong == nullptr) budget_.worked(lane, failed_before, settings_.now());
    if (then == next::another_exchange) {
      attempts_here = 0;
      refused_key.clear();
      failed_before.reset();
      continue;
    }
    const bool repeatable = !out.may_have_run;
    if (then == next::at_once && repeatable && !clock_corrected) {
      clock_corrected = true;
      tell_repeated(out);
      continue;
    }
    if (wrong == nullptr) co_return;
    failed_before = wrong->failure;
    if (keys && refuses_keys(operation, out)) {
      if (!refused_key.empty()) co_return;
      refused_key = keys->access_key_id;
      credentials_.expired(operation.who, refused_key);
      if (!repeatable) co_return;
      tell_repeated(out);
      continue;
    }
    if (then != next::again || !repeatable) co_return;
    auto waiting = wait_for_next(operation, lane, attempts_here, end, out);
    const auto then_waited = co_await std::move(waiting);
    if (then_waited == waited::no_seat) {
      out.postponed = std::max(limiter_.come_back(lane), wrong->retry_after);
    }
    if (then_waited != waited::yes) co_return;
    tell_repeated(out);
  }
}

[[gnu::noinline]] asio::awaitable<concurrency_limiter::admission> attempt_loop::enter(
    const std::string& lane, deadline end, concurrency_limiter::permit& into) {
  return limiter_.enter(lane, end, into);
}

[[gnu::noinline]] asio::awaitable<result<aws::credentials>> attempt_loop::keys_for(
    const operation_call& operation, deadline end) {
  return credentials_.get(operation.who, end);
}

asio::awaitable<attempt_loop::next> attempt_loop::attempt(operation_call& operation,
                                                          const aws::credentials* keys,
                                                          deadline end, outcome& out) {
  auto exchange = begin_exchange(operation, keys, end);
  auto reply = co_await std::move(exchange);
  if (settings_.observe) report(operation, keys, reply.answer, out.attempts);
  const next then = judge(operation, std::move(reply.answer), out);
  if (reply.worth_again && out.failed() != nullptr) co_return next::at_once;
  co_return then;
}

// No coroutine: request and signature are not kept while the answer is awaited.
[[gnu::noinline]] asio::awaitable<aws::signed_exchange::reply> attempt_loop::begin_exchange(
    const operation_call& operation, const aws::credentials* keys, deadline end) {
  auto request = operation.request;
  request.identity = aws::name_of(operation.who);
  aws::signed_exchange::signature sign;
  if (keys != nullptr) {
    sign = [this, keys, &operation](http::request& unsigned_yet, wall_clock::time_point at) {
      signer_.sign(unsigned_yet, *keys, operation.signing_region, "lambda", at);
      return true;
    };
  }
  http::limits bounds;
  bounds.end = end;
  bounds.body_bytes = settings_.response_limit;
  // A function may take as long as the call may; once it answers, it goes on.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      std::min<boot_clock::duration>(left_until(end, boot_clock::now()), std::chrono::hours(24)));
  bounds.first_byte = std::max(bounds.first_byte, left);
  bounds.silence = settings_.answer_silence;
  const auto word = operation.may_be_anybodys() ? aws::word_of::anybody : aws::word_of::service;
  return exchange_.send_once(std::move(request), sign, bounds, word);
}

void attempt_loop::settle(const operation_call& operation, concurrency_limiter::permit& passed,
                          const error* failed) const {
  if (failed == nullptr) {
    passed.worked();
  } else if (failed->failure == failure_class::throttled) {
    throttled_function who{operation.function.empty()
                               ? std::string(spec_of(operation.operation).name)
                               : operation.function.substr(0, operation.function.find('?')),
                           operation.region};
    if (settings_.mask) {
      who.function = settings_.mask(std::move(who.function));
      who.region = settings_.mask(std::move(who.region));
    }
    passed.throttled(std::min(failed->retry_after, settings_.retries.longest_asked),
                     std::move(who));
  }
  passed = {};
}

attempt_loop::next attempt_loop::judge(operation_call& operation,
                                       http::result<http::response> answer, outcome& out) const {
  if (!answer) {
    const bool time_over = settings_.now() >= operation.end;
    note_broken_exchange(operation, answer.error(), time_over, settings_.response_limit, out);
    return may_go_again(*out.failed()) ? next::again : next::done;
  }
  out.sent = true;
  out.memory = answer->memory;
  out.request_id = aws::request_id_of(*answer);
  if (!operation.accepts(*answer)) {
    note_refusal(operation, *answer, out);
    return may_go_again(*out.failed()) ? next::again : next::done;
  }
  out.may_have_run = operation.effect != side_effect::none;
  const int status = answer->status;
  auto read = operation.read(*std::move(answer));
  if (read) {
    if (std::holds_alternative<further_exchange>(*read)) return next::another_exchange;
    out.notes = operation.notes;
    if (auto* running = std::get_if<unfinished>(&*read)) {
      out.result = std::move(*running);
    } else {
      out.result = std::get<connector::answer>(std::move(*read));
    }
    return next::done;
  }
  error e = read.error();
  e.message = unusable_text(operation.name(out.attempts), e.message, out.request_id);
  e.http_status = status;
  e.request_id = out.request_id;
  e.attempts = out.attempts;
  out.result = std::move(e);
  return next::done;
}

// Without another attempt `out` stays as the last one left it.
asio::awaitable<attempt_loop::waited> attempt_loop::wait_for_next(const operation_call& operation,
                                                                  std::string lane,
                                                                  int attempts_here, deadline end,
                                                                  const outcome& out) {
  const auto left = std::chrono::duration_cast<milliseconds>(left_until(end, settings_.now()));
  const auto delay =
      delay_before_next(*out.failed(), attempts_here, left, settings_.retries, settings_.random);
  if (!delay) co_return waited::no;
  std::optional<concurrency_limiter::seat> seat;
  if (out.failed()->failure == failure_class::throttled && !seat.emplace(limiter_)) {
    co_return waited::no_seat;
  }
  if (!budget_.take(lane, out.failed()->failure, settings_.now())) {
    // The durable execution goes on meanwhile: its job goes back and loses no retry.
    co_return operation.effect == side_effect::attaches ? waited::no_seat : waited::no;
  }
  const bool over = co_await pause_for(*delay);
  co_return over ? waited::yes : waited::no;
}

void attempt_loop::report(const operation_call& operation, const aws::credentials* keys,
                          const http::result<http::response>& answer, int number) const {
  attempt_report one;
  one.method = operation.request.method;
  one.target = operation.shown_target();
  one.to = operation.request.to;
  one.number = number;
  if (keys != nullptr) one.credentials = keys->source;
  if (answer) {
    one.status = answer->status;
    one.request_id = aws::request_id_of(*answer);
  } else {
    one.failure = answer.error().message;
  }
  settings_.observe(one);
}

void attempt_loop::tell_repeated(const outcome& out) const {
  if (settings_.repeated) settings_.repeated(out.failed()->code);
}

}  // namespace connector::lambda
