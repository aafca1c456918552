// How metadata services are asked: short limits, a few tries, and a client of their own, which is
// the only one that may reach their addresses and goes through no proxy. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

#include "connector/aws/credentials/source.h"
#include "connector/http/address_guard.h"
#include "connector/http/client.h"

namespace connector::aws {

struct metadata_limits {
  std::chrono::milliseconds connect{1000};
  std::chrono::milliseconds answer{2000};  // from the last byte sent to the last one received
  int attempts = 3;
  std::chrono::milliseconds pause{1000};  // between two attempts
  std::size_t body_bytes = 64 * 1024;
};

// Why there is no answer.
struct metadata_failure {
  http::failure_kind how = http::failure_kind::connect;  // of the last attempt
  std::string message;                                   // with the name of the source in front
};

// result<T>::value() calls it for a failure; a bug in our code.
[[noreturn]] inline void throw_exception_from_error(const metadata_failure& e,
                                                    const boost::source_location&) {
  throw std::logic_error("value of a failed metadata request: " + e.message);
}

using metadata_response = boost::system::result<http::response, metadata_failure>;

// Sends `request` until there is an answer that is neither 5xx nor 429, or the attempts are used
// up; returns the last answer whatever its status. `source` is a name for messages. Does not throw;
// after cancellation it returns `cancelled`.
boost::asio::awaitable<metadata_response> ask_metadata(const source_dependencies& deps,
                                                       http::request request,
                                                       metadata_limits bounds, deadline end,
                                                       std::string source);

// Plain HTTP goes where container_target.h allows it, and to the host of EC2's metadata, which only
// the operator can change (AWS_EC2_METADATA_SERVICE_ENDPOINT). HTTPS goes anywhere.
http::address_check guard_metadata(const variables& look_up);

// The client for container and instance metadata, to be put into `source_dependencies`. It is
// opened by its first request, because most workers never send one and the trusted roots cost
// memory. `ca_bundle` as in http::client_settings; one that cannot be used fails the requests.
std::unique_ptr<http::client> make_metadata_client(const boost::asio::any_io_executor& loop,
                                                   const variables& look_up,
                                                   const std::string& ca_bundle);

}  // namespace connector::aws
