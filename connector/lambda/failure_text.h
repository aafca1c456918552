// The messages of failed calls, for the person who reads the incident: what failed, on which
// function and region, status, error name, what to do, request id, attempts. The worker puts the
// code in front. Never a header, never a payload. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"
#include "connector/http/message.h"
#include "connector/operations.h"

namespace connector::lambda {

// The facts of the call that all these messages tell.
struct call_description {
  std::string_view function;  // as given; empty: the operation has none
  std::string_view region;
  int attempts = 0;
  operation_id operation = operation_id::invoke;
  bool is_url = false;        // a function URL
  bool host_of_task = false;  // the host is from job data, not from the worker's settings
  bool attaches = false;      // sent again it attaches to the durable execution that it started
  // When its time was over: which bound that was, and how long; empty: it was not.
  std::string_view bound{};
  std::chrono::milliseconds bound_length{0};
};

// The service answered with an error.
std::string refused_text(const call_description& call, const aws::service_failure& failure,
                         const aws::error_meaning& meaning);

// The exchange broke. `may_have_run`: the request was on its way already, and does something.
std::string broken_text(const call_description& call, const http::failure& failure,
                        bool may_have_run);

// It worked, and the answer cannot be used; `why` is a clause without a full stop.
std::string unusable_text(const call_description& call, std::string_view why,
                          std::string_view request_id);

// Nothing was sent, because the task may not have it sent there.
std::string forbidden_text(const call_description& call, std::string_view why);

// Nothing was tried; `why` is the reason.
std::string not_tried_text(const call_description& call, std::string_view why);

}  // namespace connector::lambda
