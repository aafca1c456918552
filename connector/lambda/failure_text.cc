#include "connector/lambda/failure_text.h"

#include <fmt/format.h>

#include "connector/base/utf8.h"

namespace connector::lambda {

namespace {

std::string head(const call_name& call) {
  return fmt::format("Calling function \"{}\" in {}", cut_utf8(call.function, 256), call.region);
}

// Ends with a full stop, whatever the text ended with.
std::string sentence(std::string_view text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.remove_suffix(1);
  return text.empty() ? std::string() : std::string(text).append(".");
}

std::string tail(const call_name& call, std::string_view request_id) {
  std::string out;
  if (!request_id.empty()) out += fmt::format(" Request id {}.", request_id);
  if (call.attempts > 0) out += fmt::format(" Attempts: {}.", call.attempts);
  return out;
}

std::string_view verb(failure_class what) {
  switch (what) {
    case failure_class::not_started:
      return "did not start it";
    case failure_class::throttled:
      return "was throttled";
    case failure_class::permanent:
      return "was refused";
    case failure_class::ambiguous:
      return "failed and may have run it";
  }
  return "failed";
}

// These quote the request's body.
bool quotes_payload(std::string_view name) {
  return name == "InvalidRequestContentException" || name == "SerializationException";
}

}  // namespace

std::string refused_text(const call_name& call, const aws::service_failure& failure,
                         const aws::error_meaning& meaning) {
  auto out = fmt::format("{} {}: ", head(call), verb(meaning.what));
  if (failure.name.empty()) {
    out += fmt::format("HTTP {}", failure.status);
  } else {
    out += fmt::format("{} (HTTP {})", failure.name, failure.status);
  }
  if (!failure.reason.empty()) out += fmt::format(", reason {}", failure.reason);
  const auto said = quotes_payload(failure.name) ? std::string() : sentence(failure.message);
  out += said.empty() ? std::string(".") : ": " + said;
  if (!meaning.advice.empty()) out.append(" ").append(meaning.advice);
  return out + tail(call, failure.request_id);
}

std::string broken_text(const call_name& call, const http::failure& failure, bool may_have_run) {
  auto out = fmt::format("{} {}: {}", head(call),
                         may_have_run ? "failed and may have run it" : "did not start it",
                         sentence(failure.message));
  if (may_have_run) {
    out +=
        " The request was on its way, so it is not sent again: look at the function's log before "
        "the job is tried again.";
  }
  return out + tail(call, {});
}

std::string unusable_text(const call_name& call, std::string_view why,
                          std::string_view request_id) {
  return fmt::format("{} ran it, but {}", head(call), sentence(why)) + tail(call, request_id);
}

std::string not_tried_text(const call_name& call, std::string_view why) {
  return fmt::format("{} did not start it: {}", head(call), sentence(why)) + tail(call, {});
}

}  // namespace connector::lambda
