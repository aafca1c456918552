#include "tests/sandbox/demo/kinds.h"

#include <string_view>

#include "tests/sandbox/demo/checks.h"
#include "tests/sandbox/lambda/fields.h"
#include "tests/sandbox/lambda/functions.h"
#include "tests/sandbox/lambda/lambda.h"

namespace sandbox::demo {

namespace {

using engine::job_spec;
using engine::job_state;

constexpr std::string_view order_rejected = "OrderRejected";

std::string text(int number) { return std::to_string(number); }

// A task that maps lambda.functionName, lambda.payload and more fields.
job_spec task(const std::string& function, const std::string& payload,
              const std::string& more_fields = {}) {
  job_spec out;
  out.bpmn_process_id = "demo";
  out.element_id = function;
  out.variables = R"({"lambda":{"functionName":")" + function + R"(","payload":)" + payload +
                  more_fields + "}}";
  return out;
}

ending completes(int) { return {}; }

std::string object_payload(int number) {
  return R"({"order":)" + text(number) +
         R"(,"items":[{"sku":"A-7","count":2}],"note":"caf\u00e9"})";
}

kind object_echoed() {
  return {
      "object echoed",
      [](int number) { return task("echo", object_payload(number)); },
      completes,
      1,
      1,
      [](const finished_job& job) {
        return first_of({payload_is(job, object_payload(job.number)),
                         variable_is(job, "statusCode", "200"), variable_is(job, "error", "null")});
      }};
}

// Numbers that lose digits in a double, one that is no double, and members in their own order.
std::string exact_payload(int number) {
  return R"({"id":90071992547409)" + text(93 + number) +
         R"(,"key":12345678901234567890,"price":1.10,"rate":1e400,"zero":-0.0,"b":"\u0000","a":[]})";
}

kind exact_numbers() {
  return {"64-bit id, decimals",
          [](int number) { return task("echo", exact_payload(number)); },
          completes,
          1,
          1,
          [](const finished_job& job) {
            const auto sent = exact_payload(job.number);
            return first_of({received_is(job, sent), payload_is(job, sent)});
          }};
}

// The key of the card service stands in the payload, at the place that the header `secrets` lists.
// Every second call is signed with keys that are references too. Every fourth card is declined, by
// a function that repeats the key in its message.
bool other_account(int number) { return number % 2 == 1; }
bool declined(int number) { return number % 4 == 3; }

job_spec charge_task(int number) {
  const std::string keys = other_account(number)
                               ? R"(,"authentication":{"type":"static",)"
                                 R"("accessKeyId":"{{secrets.BILLING_KEY_ID}}",)"
                                 R"("secretAccessKey":"secrets.BILLING_SECRET_KEY"})"
                               : "";
  auto out = task("charge-card",
                  R"({"amount":9.90,"declined":)" + std::string(declined(number) ? "1" : "0") +
                      R"(,"apiKey":"{{secrets.CARD_API_KEY}}"})",
                  keys);
  out.headers = R"({"secrets":"payload.apiKey:CARD_API_KEY,)"
                R"(authentication.accessKeyId:BILLING_KEY_ID,)"
                R"(authentication.secretAccessKey:BILLING_SECRET_KEY"})";
  return out;
}

kind secret_reference(const secrets& hidden) {
  const auto check = [hidden](const finished_job& job) {
    if (job.calls.front().request.payload.find(hidden.api_key) == std::string::npos) {
      return std::string("the function did not get the secret");
    }
    const auto& signer = job.calls.front().request.access_key_id;
    if ((signer == hidden.billing_account.id) != other_account(job.number)) {
      return "it was signed with the key " + signer;
    }
    if (auto wrong = variable_has(job, "log", "charging with key ***"); !wrong.empty())
      return wrong;
    return declined(job.number) ? variable_has(job, "error", "card declined for key ***")
                                : payload_is(job, R"({"charged":true})");
  };
  return {"secret reference", charge_task, completes, 1, 1, check};
}

kind function_error() {
  const auto to_boundary = [](int number) { return number % 2 == 1; };
  const auto make = [to_boundary](int number) {
    auto out = task("fail", R"({"type":")" + std::string(order_rejected) +
                                R"(","message":"order )" + text(number) + R"( has no items"})");
    if (!to_boundary(number)) return out;
    out.headers = R"({"onFunctionError":"bpmnError"})";
    out.caught_errors = {std::string(order_rejected)};
    return out;
  };
  const auto must_end = [to_boundary](int number) {
    return ending{to_boundary(number) ? job_state::error_thrown : job_state::completed, {}};
  };
  const auto check = [to_boundary](const finished_job& job) {
    const auto said = "order " + text(job.number) + " has no items";
    if (!to_boundary(job.number)) return variable_has(job, "error", said);
    if (job.job.error_code != order_rejected) return "the code thrown is " + job.job.error_code;
    return has("the error's variables", job.job.error_variables, said);
  };
  return {"function error", make, must_end, 1, 1, check};
}

kind missing_function() {
  return {"missing function",
          [](int number) { return task("invoice-archive", R"({"invoice":)" + text(number) + "}"); },
          [](int) {
            return ending{job_state::incident, "NOT_FOUND"};
          },
          0,
          0,
          [](const finished_job& job) {
            return has("the incident", job.job.incident_message, "invoice-archive");
          }};
}

kind throttled_once() {
  const auto payload = [](int number) { return R"({"invoice":)" + text(number) + "}"; };
  return {"throttled once",
          [payload](int number) { return task("throttle-once-" + text(number), payload(number)); },
          completes,
          2,
          1,
          [payload](const finished_job& job) { return payload_is(job, payload(job.number)); }};
}

kind slow_call() {
  const auto payload = [](int number) { return R"({"ms":3000,"report":)" + text(number) + "}"; };
  return {"call of 3 s",
          [payload](int number) { return task("slow", payload(number)); },
          completes,
          1,
          1,
          [payload](const finished_job& job) { return payload_is(job, payload(job.number)); }};
}

kind asynchronous_call() {
  const auto make = [](int number) {
    auto out = task("echo", R"({"mail":)" + text(number) + "}", R"(,"invocationType":"Event")");
    out.headers = R"({"jobContextInPayload":"job"})";
    return out;
  };
  return {"asynchronous call", make, completes, 1, 1, [](const finished_job& job) {
            return first_of({variable_is(job, "statusCode", "202"), payload_is(job, "null")});
          }};
}

kind no_json() {
  return {"answer is no JSON",
          [](int number) { return task("not-json", R"({"page":)" + text(number) + "}"); },
          completes,
          1,
          1,
          [](const finished_job& job) { return payload_is(job, R"("this is no JSON")"); }};
}

// Lambda gives it, but a broker that takes messages of 4 MiB takes no result of 3 MB.
kind too_large() {
  return {"answer too large",
          [](int) { return task("big", R"({"bytes":3000000})"); },
          [](int) {
            return ending{job_state::incident, "RESPONSE_TOO_LARGE"};
          },
          1,
          1,
          [](const finished_job& job) {
            return has("the incident", job.job.incident_message, "is not called again");
          }};
}

}  // namespace

std::vector<kind> all_kinds(const secrets& hidden) {
  return {object_echoed(),  exact_numbers(),     secret_reference(hidden),
          function_error(), missing_function(),  throttled_once(),
          slow_call(),      asynchronous_call(), no_json(),
          too_large()};
}

void register_functions(lambda& at, const secrets& hidden) {
  // One for each job: the worker calls a function less that is throttled again and again.
  const auto all = built_in_functions();
  for (const auto& [name, run] : all) {
    if (name != "throttle-once") continue;
    for (int number = 0; number < 10'000; ++number) {
      at.register_function("throttle-once-" + text(number), run);
    }
  }
  at.register_function("charge-card", [hidden](const invocation& call) {
    const fields given(call.payload);
    const auto key = given.text("apiKey");
    if (key != hidden.api_key) return function_failure("WrongKey", "no such key");
    auto out = given.number("declined", 0, 1) == 1
                   ? function_failure("CardDeclined", "card declined for key " + key)
                   : json_answer(R"({"charged":true})");
    out.log = "charging with key " + key + "\n";
    return out;
  });
}

}  // namespace sandbox::demo
