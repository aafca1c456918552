#include "connector/lambda/failure_text.h"

#include <fmt/format.h>

#include "connector/base/duration.h"
#include "connector/base/shortened.h"
#include "connector/base/words.h"

namespace connector::lambda {

namespace {

const operation_phrases& phrases_of(const call_description& call) {
  return spec_of(call.operation).phrases;
}

// The actions of IAM that the call needs.
std::string permission_of(const call_description& call) {
  if (!call.is_url) return joined(spec_of(call.operation).permission.actions, " and ");
  return call.function.find(".lambda-web.") == std::string_view::npos
             ? "lambda:InvokeFunctionUrl and lambda:InvokeFunction"
             : "lambda:InvokeWebFunctionEndpoint";
}

std::string head(const call_description& call) {
  const auto doing = phrases_of(call).doing;
  if (call.function.empty()) return fmt::format("{} in {}", doing, call.region);
  return fmt::format("{} \"{}\" in {}", doing, shortened(call.function, 256), call.region);
}

// Ends with a full stop, whatever the text ended with.
std::string sentence(std::string_view text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.remove_suffix(1);
  return text.empty() ? std::string() : std::string(text).append(".");
}

std::string tail(const call_description& call, std::string_view request_id) {
  std::string out;
  if (!request_id.empty()) out += fmt::format(" Request id {}.", request_id);
  if (call.attempts > 0) out += fmt::format(" Attempts: {}.", call.attempts);
  return out;
}

std::string_view verb(const call_description& call, failure_class failure,
                      const operation_phrases& with) {
  switch (failure) {
    case failure_class::not_started:
      return call.attaches ? "failed" : with.not_done;
    case failure_class::throttled:
      return "was throttled";
    case failure_class::permanent:
      return "was refused";
    case failure_class::ambiguous:
      return with.maybe_done;
  }
  return "failed";
}

// Advice for a person: the table's advice in the words of the operation.
std::string advice_for(const aws::error_meaning& meaning, const call_description& call) {
  if (meaning.failure == failure_class::ambiguous) {
    const auto look = phrases_of(call).look;
    return look.empty() ? std::string() : fmt::format(" {}.", look);
  }
  if (meaning.advice.empty()) return {};
  std::string out = " ";
  out += meaning.advice;
  constexpr std::string_view place = "{permission}";
  if (const auto at = out.find(place); at != std::string::npos) {
    out.replace(at, place.size(), permission_of(call));
  }
  return out;
}

// The time was over, the worker was stopped, or the connection broke; the client says the rest.
std::string why_broken(const call_description& call, const http::failure& failure) {
  if (failure.kind == http::failure_kind::cancelled) {
    return fmt::format("the worker was stopped; {}", failure.message);
  }
  if (failure.kind == http::failure_kind::timeout && !call.bound.empty()) {
    return fmt::format("{}; {} is {}", failure.message, call.bound, human(call.bound_length));
  }
  return failure.message;
}

// What to look at when there is no connection.
std::string_view way_to(const call_description& call, http::failure_kind kind) {
  switch (kind) {
    case http::failure_kind::resolve:
      return call.is_url || call.host_of_task
                 ? " Check the host's name, and the name server of the worker's network."
                 : " Check the region, the endpoint (AWS_ENDPOINT_URL_LAMBDA), and the name server "
                   "of the worker's network.";
    case http::failure_kind::connect:
      return " Check that the worker's network lets it there, directly or by HTTPS_PROXY.";
    case http::failure_kind::proxy:
      return " Check HTTPS_PROXY and NO_PROXY of the worker.";
    default:
      return "";
  }
}

// These quote the request's body.
bool quotes_payload(std::string_view name) {
  return name == "InvalidRequestContentException" || name == "SerializationException";
}

}  // namespace

std::string refused_text(const call_description& call, const aws::service_failure& failure,
                         const aws::error_meaning& meaning) {
  const auto& with = phrases_of(call);
  auto out = fmt::format("{} {}: ", head(call), verb(call, meaning.failure, with));
  if (failure.name.empty()) {
    out += fmt::format("HTTP {}", failure.status);
  } else {
    out += fmt::format("{} (HTTP {})", failure.name, failure.status);
  }
  if (!failure.reason.empty()) out += fmt::format(", reason {}", failure.reason);
  if (meaning.failure == failure_class::ambiguous && call.is_url) {
    // A reader would take a 429 or a name of Lambda's for a proof.
    constexpr std::string_view own = "a function URL's answer is the function's own";
    out += failure.message.empty() ? fmt::format("; {}", own) : fmt::format(" ({})", own);
  }
  const auto said = quotes_payload(failure.name) ? std::string() : sentence(failure.message);
  out += said.empty() ? std::string(".") : ": " + said;
  return out + advice_for(meaning, call) + tail(call, failure.request_id);
}

std::string broken_text(const call_description& call, const http::failure& failure,
                        bool may_have_run) {
  const auto& with = phrases_of(call);
  const bool lost = call.attaches && failure.progress == http::request_progress::sent;
  auto out = fmt::format("{} {}: {}", head(call),
                         lost           ? "lost its answer"
                         : may_have_run ? with.maybe_done
                                        : with.not_done,
                         sentence(why_broken(call, failure)));
  if (may_have_run && !with.look.empty()) out += fmt::format(" {}.", with.look);
  if (!may_have_run) out += way_to(call, failure.kind);
  if (lost) out += " The durable execution goes on; the next call attaches to it.";
  return out + tail(call, {});
}

std::string unusable_text(const call_description& call, std::string_view why,
                          std::string_view request_id) {
  return fmt::format("{} {}, but {}", head(call), phrases_of(call).done, sentence(why)) +
         tail(call, request_id);
}

std::string forbidden_text(const call_description& call, std::string_view why) {
  return fmt::format("{} was refused: {}", head(call), sentence(why)) + tail(call, {});
}

std::string not_tried_text(const call_description& call, std::string_view why) {
  return fmt::format("{} {}: {}", head(call), phrases_of(call).not_done, sentence(why)) +
         tail(call, {});
}

}  // namespace connector::lambda
