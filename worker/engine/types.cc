#include "worker/engine/types.h"

#include <array>

#include "connector/base/ascii.h"

namespace worker::engine {

std::string_view name_of(status_code code) {
  constexpr std::array<std::string_view, 17> names = {"OK",
                                                      "CANCELLED",
                                                      "UNKNOWN",
                                                      "INVALID_ARGUMENT",
                                                      "DEADLINE_EXCEEDED",
                                                      "NOT_FOUND",
                                                      "ALREADY_EXISTS",
                                                      "PERMISSION_DENIED",
                                                      "RESOURCE_EXHAUSTED",
                                                      "FAILED_PRECONDITION",
                                                      "ABORTED",
                                                      "OUT_OF_RANGE",
                                                      "UNIMPLEMENTED",
                                                      "INTERNAL",
                                                      "UNAVAILABLE",
                                                      "DATA_LOSS",
                                                      "UNAUTHENTICATED"};
  const auto at = static_cast<std::size_t>(code);
  return at < names.size() ? names.at(at) : "UNKNOWN";
}

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The token "must be provided", or "does not match" (camunda/camunda, pull request 57335). Both
// texts name the lease, alone or in leaseToken or jobLeaseToken; they do not say "please" or
// "release".
bool is_about_lease(const status& answer) {
  if (!contains(answer.message, "'INVALID_STATE'")) return false;
  const auto text = connector::ascii::lower(answer.message);
  if (contains(text, "leasetoken")) return true;
  for (auto at = text.find("lease"); at != std::string::npos; at = text.find("lease", at + 1)) {
    if (at == 0 || !connector::ascii::is_letter(text[at - 1])) return true;
  }
  return false;
}

// Some states pass: a back-off ends, an incident is resolved, and the job is activated again. Every
// other INVALID_STATE is about what the job is (a listener throws no error) and comes again at
// every repetition. A text without that name is not the broker's own.
status_class classify_state(const status& answer) {
  if (is_about_lease(answer)) return status_class::fenced;
  const bool passes =
      contains(answer.message, "is in state '") || contains(answer.message, "not active") ||
      contains(answer.message, "not activated") || contains(answer.message, "marked as failed") ||
      !contains(answer.message, "'INVALID_STATE'");
  return passes ? status_class::not_now : status_class::refused;
}

}  // namespace

bool is_from_proxy(const status& answer) {
  // gRPC's own texts, for an HTTP status other than 200, and for an answer without a gRPC status,
  // such as a page.
  return !answer.ok() && (contains(answer.message, "Received http2 header with status") ||
                          answer.message == "Stream removed");
}

bool is_unknown_call(const status& answer) {
  return answer.code == status_code::unimplemented && !is_from_proxy(answer);
}

status_class classify(const status& answer) {
  if (answer.defect == response_defect::unreadable) return status_class::transient;
  // A text of such length quotes this command: back-pressure is one sentence.
  if (answer.defect == response_defect::too_long) return status_class::refused;
  if (is_from_proxy(answer)) return status_class::transient;
  switch (answer.code) {
    case status_code::ok:
      return status_class::accepted;
    case status_code::not_found:
      return status_class::gone;
    case status_code::failed_precondition:
      return classify_state(answer);
    case status_code::invalid_argument:
      // "Request size is above configured maxMessageSize."
      return contains(answer.message, "maxMessageSize") ? status_class::too_large
                                                        : status_class::refused;
    case status_code::resource_exhausted:
      // Back-pressure and "gRPC message exceeds maximum size" share this code.
      return contains(answer.message, "exceeds maximum size") ||
                     contains(answer.message, "larger than max")
                 ? status_class::too_large
                 : status_class::transient;
    case status_code::unknown:
      // The broker refuses a record of more than half of its message size, with an empty reason.
      return contains(answer.message, "EXCEEDED_BATCH_RECORD_SIZE") ? status_class::too_large
                                                                    : status_class::transient;
    case status_code::unimplemented:
    case status_code::already_exists:
    case status_code::out_of_range:
      return status_class::refused;
    case status_code::internal:
      // The gateway's JSON reader takes no member name of more than 50,000 characters, now or at
      // any repetition.
      return contains(answer.message, "Failed to convert JSON to MessagePack")
                 ? status_class::refused
                 : status_class::transient;
    case status_code::unauthenticated:    // a token may be renewed
    case status_code::permission_denied:  // a permission may be given
    case status_code::cancelled:
    case status_code::deadline_exceeded:
    case status_code::aborted:
    case status_code::unavailable:
    case status_code::data_loss:
      return status_class::transient;
  }
  return status_class::transient;
}

}  // namespace worker::engine
