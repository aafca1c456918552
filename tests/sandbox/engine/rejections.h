// The statuses and texts with which a gateway refuses, as measured on 8.6.0. Pure functions.
#pragma once

#include <grpcpp/support/status.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/sandbox/engine/json_text.h"

namespace sandbox::engine {

// Of a document that the gateway cannot take; OK when it can.
grpc::Status unreadable(const document& doc);

// "Command 'COMPLETE' rejected with code 'NOT_FOUND': <reason>"
grpc::Status rejected(grpc::StatusCode code, std::string_view intent, std::string_view type,
                      std::string_view reason);
grpc::Status job_not_found(std::string_view intent, std::string_view verb, std::int64_t key);
grpc::Status job_in_state(std::string_view intent, std::string_view verb, std::int64_t key,
                          std::string_view state);
grpc::Status job_not_active(std::int64_t key);
// Of a job that was activated with a lease (8.10); the code and "must be provided", "does not
// match" are a broker's, the rest is not measured.
grpc::Status job_of_another_lease(std::string_view intent, std::string_view verb, std::int64_t key,
                                  bool no_token);
// Of listeners; the codes are a broker's, the texts are not measured.
grpc::Status variables_of_task_listener(std::int64_t key);
grpc::Status error_of_listener(std::int64_t key);
grpc::Status record_too_large(std::string_view intent);
grpc::Status no_such_partition(std::int64_t partition);
grpc::Status request_limit_exhausted(std::int64_t partition);
grpc::Status jobs_exhausted(const std::string& type);
grpc::Status timed_out(std::int64_t seconds);
// Of the request itself, before anything else is looked at; OK when it fits.
grpc::Status size_of_request(std::size_t bytes, std::size_t max_message_size);
// As the broker cuts error messages: 10,000 characters and "...".
std::string cut_message(const std::string& text);

}  // namespace sandbox::engine
