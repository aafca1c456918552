#include "worker/engine/types.h"

#include <array>

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

// The job's state passes: a back-off is over, an incident is resolved, and then it is activated
// again. Every other INVALID_STATE is about what the job is (a listener throws no error) and is
// said again at every repetition. A text without that name is not the broker's own.
verdict judge_state(const status& answer) {
  const bool passes =
      contains(answer.message, "is in state '") || contains(answer.message, "not active") ||
      contains(answer.message, "not activated") || contains(answer.message, "marked as failed") ||
      !contains(answer.message, "'INVALID_STATE'");
  return passes ? verdict::not_now : verdict::refused;
}

}  // namespace

bool is_of_a_proxy(const status& answer) {
  // gRPC's own texts: another HTTP status than 200; an answer, such as a page, without gRPC's
  // status.
  return !answer.ok() && (contains(answer.message, "Received http2 header with status") ||
                          answer.message == "Stream removed");
}

bool is_unknown_call(const status& answer) {
  return answer.code == status_code::unimplemented && !is_of_a_proxy(answer);
}

verdict judge(const status& answer) {
  if (answer.wrong == flaw::unreadable) return verdict::transient;
  // An answer of such length is about this very command: back-pressure is said in a sentence.
  if (answer.wrong == flaw::too_long) return verdict::refused;
  if (is_of_a_proxy(answer)) return verdict::transient;
  switch (answer.code) {
    case status_code::ok:
      return verdict::accepted;
    case status_code::not_found:
      return verdict::gone;
    case status_code::failed_precondition:
      return judge_state(answer);
    case status_code::invalid_argument:
      // "Request size is above configured maxMessageSize."
      return contains(answer.message, "maxMessageSize") ? verdict::too_large : verdict::refused;
    case status_code::resource_exhausted:
      // Back-pressure and "gRPC message exceeds maximum size" share this code.
      return contains(answer.message, "exceeds maximum size") ||
                     contains(answer.message, "larger than max")
                 ? verdict::too_large
                 : verdict::transient;
    case status_code::unknown:
      // Over half of the message size the broker refuses the record, with an empty reason.
      return contains(answer.message, "EXCEEDED_BATCH_RECORD_SIZE") ? verdict::too_large
                                                                    : verdict::transient;
    case status_code::unimplemented:
    case status_code::already_exists:
    case status_code::out_of_range:
      return verdict::refused;
    case status_code::internal:
      // A member's name of more than 50,000 characters is beyond the gateway's JSON reader, today
      // and at every repetition.
      return contains(answer.message, "Failed to convert JSON to MessagePack") ? verdict::refused
                                                                               : verdict::transient;
    case status_code::unauthenticated:    // a token may be renewed
    case status_code::permission_denied:  // and a permission given
    case status_code::cancelled:
    case status_code::deadline_exceeded:
    case status_code::aborted:
    case status_code::unavailable:
    case status_code::data_loss:
      return verdict::transient;
  }
  return verdict::transient;
}

}  // namespace worker::engine
