#include "connector/lambda/attempt_failure.h"

#include <fmt/format.h>

#include "connector/aws/error_table.h"

namespace connector::lambda {

namespace {

using aws::error_meaning;

error_meaning ambiguous_meaning() {
  return {{}, error_code::ambiguous, failure_class::ambiguous, {}};
}

error_meaning by_status_alone(int status, failure_class failure) {
  return {{}, aws::code_of_status(status), failure, {}};
}

// The request runs nothing, so the answer proves it in any case.
error_meaning of_harmless(error_meaning said, int status) {
  return said.failure == failure_class::ambiguous
             ? by_status_alone(status, failure_class::not_started)
             : said;
}

// A function URL's answer is the function's. The one name that is believed is that of a throttle in
// Lambda's own header: without at_most_once a second call is what the model allows.
error_meaning of_url(const error_meaning& said, int status, const circumstances& how) {
  const bool throttle = status == 429 && said.failure == failure_class::throttled;
  if (!how.request_complete) {
    if (status == 429) {
      return throttle ? said : by_status_alone(status, failure_class::throttled);
    }
    if (status >= 500) return by_status_alone(status, failure_class::not_started);
  } else if (status == 429 || status >= 500) {
    return throttle && !said.name.empty() && !how.at_most_once ? said : ambiguous_meaning();
  }
  return said.failure == failure_class::permanent
             ? said
             : by_status_alone(status, failure_class::permanent);
}

bool may_be_repeated(side_effect of) { return of != side_effect::possible; }

bool may_be_anybodys(const call_description& call, std::string_view name) {
  return call.is_url || call.host_of_task || name.empty();
}

error_meaning meaning_for(const aws::service_failure& failure, const call_description& call,
                          const circumstances& how) {
  const auto said = aws::meaning_of(failure);
  if (may_be_repeated(how.of_request)) return of_harmless(said, failure.status);
  if (call.is_url) return of_url(said, failure.status, how);
  if (!how.request_complete) return of_harmless(said, failure.status);
  if (how.at_most_once && said.failure != failure_class::permanent &&
      may_be_anybodys(call, said.name)) {
    return ambiguous_meaning();
  }
  return said;
}

}  // namespace

bool may_have_run(const error& judged, const call_description& call, const circumstances& how) {
  if (may_be_repeated(how.of_request) || !how.request_complete) return false;
  switch (judged.failure) {
    case failure_class::not_started:
    case failure_class::throttled:
      return false;
    case failure_class::ambiguous:
      return true;
    case failure_class::permanent:
      break;
  }
  aws::service_failure named;
  named.name = judged.aws_error;
  return may_be_anybodys(call, aws::meaning_of(named).name);
}

bool may_have_run(const http::failure& failure, side_effect of_request) {
  return failure.progress == http::request_progress::sent && !may_be_repeated(of_request);
}

error failed_answer(const aws::service_failure& failure, const call_description& call,
                    const circumstances& how) {
  const auto meaning = meaning_for(failure, call, how);
  error e;
  e.code = meaning.code;
  e.failure = meaning.failure;
  e.message = refused_text(call, failure, meaning);
  e.http_status = failure.status;
  e.aws_error = failure.name;
  e.aws_message = failure.message;
  e.request_id = failure.request_id;
  e.retry_after = failure.retry_after;
  e.attempts = call.attempts;
  return e;
}

error failed_exchange(const http::failure& failure, const call_description& call,
                      side_effect of_request, std::size_t body_limit) {
  // A request whose last byte never left us has run nowhere.
  const bool arrived = failure.progress == http::request_progress::sent;
  const bool unknown = may_have_run(failure, of_request);
  error e;
  e.attempts = call.attempts;
  const bool endless = failure.kind == http::failure_kind::header_limit;
  if (arrived && (endless || failure.kind == http::failure_kind::too_large)) {
    e.code = error_code::response_too_large;
    e.failure = failure_class::permanent;
    const auto limit = endless
                           ? std::string("its answer has headers or trailers over their limit")
                           : fmt::format("its answer is over the limit of {} bytes", body_limit);
    e.message = unusable_text(call, fmt::format("{} ({})", limit, failure.message), {});
    return e;
  }
  if (failure.kind == http::failure_kind::address_refused && call.host_of_task) {
    e.code = error_code::forbidden;
    e.message = forbidden_text(call, failure.message);
    return e;
  }
  if (failure.kind == http::failure_kind::invalid_request) {
    e.code = error_code::invalid_request;
    e.message = not_tried_text(call, failure.message);
    return e;
  }
  e.failure = unknown ? failure_class::ambiguous : failure_class::not_started;
  e.message = broken_text(call, failure, unknown);
  if (unknown) {
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
