#include "connector/lambda/attempt_outcome.h"

#include <fmt/format.h>

#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/lambda/attempt_failure.h"

namespace connector::lambda {

namespace {

void note(const operation_call& operation, const aws::service_failure& said, bool request_complete,
          outcome& out) {
  const auto name = operation.name(out.attempts);
  const circumstances how{operation.effect, operation.at_most_once, request_complete};
  error e = failed_answer(said, name, how);
  out.may_have_run = out.may_have_run || may_have_run(e, name, how);
  out.result = std::move(e);
}

}  // namespace

void note_refusal(const operation_call& operation, const http::response& answer, outcome& out) {
  note(operation, operation.failure_of(answer), answer.request_complete, out);
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
    const bool ran_before = out.may_have_run;
    note(operation, said, failure.head->request_complete, out);
    // The text of a broken exchange says more about an unknown outcome, but that of an answer which
    // is too large says that the function ran.
    const bool proves = out.failed()->failure != failure_class::ambiguous;
    if (proves || broken.code == error_code::response_too_large) return;
    out.may_have_run = ran_before;
  }
  out.may_have_run = out.may_have_run || may_have_run(failure, operation.effect);
  out.result = std::move(broken);
}

}  // namespace connector::lambda
