#include "connector/lambda/attempt_failure.h"

#include <fmt/format.h>

#include "connector/aws/error_table.h"

namespace connector::lambda {

error failed_answer(const aws::service_failure& failure, const call_name& call, effect of_request) {
  auto meaning = aws::meaning_of(failure);
  if (meaning.what == failure_class::ambiguous && of_request == effect::none) {
    meaning.code = aws::code_of_status(failure.status);
    meaning.what = failure_class::not_started;
    meaning.advice = {};
  }
  error e;
  e.code = meaning.code;
  e.what = meaning.what;
  e.message = refused_text(call, failure, meaning);
  e.http_status = failure.status;
  e.aws_error = failure.name;
  e.request_id = failure.request_id;
  e.retry_after = failure.retry_after;
  e.attempts = call.attempts;
  return e;
}

error failed_exchange(const http::failure& failure, const call_name& call, effect of_request,
                      std::size_t body_limit) {
  // From the first byte on: what a proxy on the way did with half a request is not known here.
  const bool arrived = failure.request == http::progress::sent;
  const bool may_have_run = arrived && of_request != effect::none;
  error e;
  e.attempts = call.attempts;
  const bool endless = failure.kind == http::failure_kind::endless;
  if (arrived && (endless || failure.kind == http::failure_kind::too_large)) {
    e.code = error_code::response_too_large;
    e.what = failure_class::permanent;
    const auto limit = endless
                           ? std::string("its answer has headers or trailers over their limit")
                           : fmt::format("its answer is over the limit of {} bytes", body_limit);
    e.message = unusable_text(call, fmt::format("{} ({})", limit, failure.message), {});
    return e;
  }
  if (failure.kind == http::failure_kind::forbidden && call.host_of_task) {
    e.code = error_code::forbidden;
    e.message = forbidden_text(call, failure.message);
    return e;
  }
  if (failure.kind == http::failure_kind::unsendable) {
    e.code = error_code::invalid_request;
    e.message = not_tried_text(call, failure.message);
    return e;
  }
  e.what = may_have_run ? failure_class::ambiguous : failure_class::not_started;
  e.message = broken_text(call, failure, may_have_run);
  if (may_have_run) {
    e.code = error_code::ambiguous;
  } else if (failure.kind == http::failure_kind::cancelled) {
    e.code = error_code::cancelled;
  } else if (failure.kind == http::failure_kind::timeout) {
    e.code = error_code::timeout;
  } else {
    e.code = error_code::connection_error;
  }
  return e;
}

}  // namespace connector::lambda
