#include "connector/base/error.h"

#include <array>
#include <utility>

namespace connector {

namespace {

constexpr std::array<std::string_view, 34> code_names = {
    "MISSING_INPUT",
    "INVALID_INPUT",
    "SERVICE_ERROR",
    "INVALID_REQUEST",
    "REQUEST_TOO_LARGE",
    "UNKNOWN_ERROR",
    "BAD_REQUEST",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "NOT_ACCEPTABLE",
    "REQUEST_TIMEOUT",
    "CONFLICT",
    "GONE",
    "UNPROCESSABLE_ENTITY",
    "LOCKED",
    "FAILED_DEPENDENCY",
    "INTERNAL_SERVER_ERROR",
    "NOT_IMPLEMENTED",
    "BAD_GATEWAY",
    "SERVICE_UNAVAILABLE",
    "GATEWAY_TIMEOUT",
    "TOO_MANY_REQUESTS",
    "TIMEOUT",
    "AMBIGUOUS",
    "FUNCTION_ERROR",
    "CONNECTION_ERROR",
    "CREDENTIALS_ERROR",
    "SECRET_ERROR",
    "RESPONSE_TOO_LARGE",
    "RESPONSE_REFUSED",
    "EXPRESSION_ERROR",
    "CANCELLED",
};

static_assert(code_names.size() == static_cast<std::size_t>(error_code::cancelled) + 1);

}  // namespace

std::string_view name_of(error_code code) { return code_names.at(static_cast<std::size_t>(code)); }

std::string_view name_of(failure_class failure) {
  switch (failure) {
    case failure_class::not_started:
      return "not started";
    case failure_class::throttled:
      return "throttled";
    case failure_class::permanent:
      return "permanent";
    case failure_class::ambiguous:
      return "ambiguous";
  }
  return "";
}

error bad_input(std::string message) {
  error e;
  e.code = error_code::invalid_input;
  e.message = std::move(message);
  return e;
}

error missing_input(std::string message) {
  error e;
  e.code = error_code::missing_input;
  e.message = std::move(message);
  return e;
}

}  // namespace connector
