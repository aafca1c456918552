#include "connector/lambda/attempt_outcome.h"

#include <fmt/format.h>

#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/lambda/attempt_failure.h"

namespace connector::lambda {

namespace {

// What one attempt shows.
struct finding {
  error why;
  bool may_have_run;
};

finding finding_of(const operation_call& operation, const aws::service_failure& said,
                   bool request_complete, int attempts) {
  const auto name = operation.name(attempts);
  const circumstances how{operation.effect, operation.at_most_once, request_complete};
  error e = failed_answer(said, name, how);
  const bool ran = may_have_run(e, name, how);
  return {std::move(e), ran};
}

error given_up(const call_description& call, std::string_view why) {
  error e;
  e.code = error_code::cancelled;
  e.failure = failure_class::not_started;
  e.message = not_tried_text(call, why);
  return e;
}

void note(finding found, outcome& out) {
  out.may_have_run = out.may_have_run || found.may_have_run;
  out.result = std::move(found.why);
}

}  // namespace

void note_no_longer_ours(const operation_call& operation, outcome& out) {
  out.result = given_up(operation.name(out.attempts), "the job is no longer held here");
}

void note_without_credentials(const operation_call& operation, const error& missing, outcome& out) {
  error why = missing;
  why.message = not_tried_text(operation.name(out.attempts), why.message);
  why.attempts = out.attempts;
  out.result = std::move(why);
}

void note_not_let_through(const operation_call& operation, concurrency_limiter::admission why,
                          outcome& out) {
  if (why == concurrency_limiter::admission::cancelled) {
    out.result = given_up(operation.name(0), "given up before it was sent");
    return;
  }
  error e;
  e.code = error_code::too_many_requests;
  e.failure = failure_class::throttled;
  e.message =
      not_tried_text(operation.name(0),
                     why == concurrency_limiter::admission::crowded
                         ? "it is being throttled, and enough calls wait here already"
                         : "it is being throttled, and the call's time was over before its turn");
  out.result = std::move(e);
}

void note_refusal(const operation_call& operation, const http::response& answer, outcome& out) {
  note(finding_of(operation, operation.failure_of(answer), answer.request_complete, out.attempts),
       out);
}

void note_broken_exchange(const operation_call& operation, const http::failure& failure,
                          bool time_over, std::size_t body_limit, outcome& out) {
  out.sent = out.sent || failure.progress == http::request_progress::sent;
  const auto name =
      time_over ? operation.name_when_over(out.attempts) : operation.name(out.attempts);
  error broken = failed_exchange(failure, name, operation.effect, body_limit);
  if (failure.head != nullptr) out.request_id = aws::request_id_of(*failure.head);
  if (failure.head != nullptr && !operation.accepts(*failure.head)) {
    auto said = operation.failure_of(*failure.head);
    said.message = fmt::format("the answer's body could not be read ({})", failure.message);
    auto by_head = finding_of(operation, said, failure.head->request_complete, out.attempts);
    // The text of a broken exchange says more about an unknown outcome, but that of an answer which
    // is too large says that the function ran.
    const bool proves = by_head.why.failure != failure_class::ambiguous;
    if (proves || broken.code == error_code::response_too_large) {
      note(std::move(by_head), out);
      return;
    }
  }
  note({std::move(broken), may_have_run(failure, operation.effect)}, out);
}

}  // namespace connector::lambda
