#include "tests/attack/random/plan.h"

#include <fmt/format.h>

#include <limits>
#include <optional>

namespace attack {
namespace {

constexpr std::uint64_t of_nonces = 1;
constexpr std::uint64_t of_jobs = 2;
constexpr std::string_view nonce_head = "nonce-";
constexpr std::size_t nonce_digits = 16;

// Values for headers that take a word, a duration, a name or an expression.
std::string some_header(dice& from) {
  static const std::vector<std::string> values = {"complete",
                                                  "bpmnError",
                                                  "fail",
                                                  "true",
                                                  "false",
                                                  "lambda",
                                                  "short",
                                                  "*",
                                                  "FUNCTION_ERROR,*",
                                                  "PT0S",
                                                  "PT999999999H",
                                                  "-PT1S",
                                                  "P1Y",
                                                  "1e9",
                                                  "",
                                                  " ",
                                                  "= ",
                                                  "=payload",
                                                  "={a: payload, b: error}",
                                                  "=for i in 1..100000000 return i",
                                                  "=bpmnError(\"c\", \"m\")",
                                                  "=if x then",
                                                  "=[[[[[[[[",
                                                  "alfresco",
                                                  "{{secrets.ATTACK_0}}",
                                                  "a.b.c",
                                                  "text:ATTACK_1",
                                                  "\\u0000",
                                                  "x"};
  return from.chance(20) ? some_text(from, 40) : from.one_of(values);
}

// Any fields of `lambda` with any values, and headers likewise.
void make_hostile_input(dice& from, plan& job, const std::vector<secret>& secrets) {
  static const std::vector<std::string> fields = {"functionName",
                                                  "qualifier",
                                                  "invocationType",
                                                  "logType",
                                                  "clientContext",
                                                  "functionTenantId",
                                                  "durableExecutionName",
                                                  "traceparent",
                                                  "traceHeader",
                                                  "region",
                                                  "endpoint",
                                                  "timeout",
                                                  "authentication",
                                                  "payloadFormat",
                                                  "maxItems",
                                                  "marker",
                                                  "nonsense"};
  static const std::vector<std::string> headers = {"resultVariable",
                                                   "resultExpression",
                                                   "errorExpression",
                                                   "bpmnErrors",
                                                   "onError",
                                                   "onFunctionError",
                                                   "retryBackoff",
                                                   "jobTimeout",
                                                   "atMostOnce",
                                                   "maskPayload",
                                                   "outputs",
                                                   "inputs",
                                                   "payloadFormat",
                                                   "secrets",
                                                   "jobContextInPayload",
                                                   "functionName",
                                                   "authentication.type",
                                                   "authentication.roleArn",
                                                   "clientContext.custom.x",
                                                   "lambda",
                                                   "profile",
                                                   "durable",
                                                   "wait"};
  static const std::vector<std::string> authentication = {
      R"({"type":"static","accessKeyId":"{{secrets.ATTACK_2}}","secretAccessKey":"secrets.ATTACK_2"})",
      R"({"type":"assumeRole","roleArn":"{{secrets.ATTACK_3}}","durationSeconds":0.00000000001e-2147483639})",
      R"({"type":"assumeRole","roleArn":"arn:aws:iam::1:role/x","sessionTags":{"{{secrets.ATTACK_4}}":"v"}})",
      R"({"type":"profile","name":"../../x"})",
      R"({"type":"none"})",
      R"({"type":7})",
      "[]"};
  std::string out =
      fmt::format(R"({{"lambda":{{"payload":{{"number":{},"nonce":"{}","more":{}}})", job.number,
                  job.nonce, from.chance(70) ? some_json(from) : hostile_json(from));
  if (from.chance(80)) out += R"(,"functionName":"attack")";
  for (auto count = from.below(4); count > 0; --count) {
    const auto& name = from.one_of(fields);
    out += fmt::format(R"(,"{}":{})", name,
                       name == "authentication" && from.chance(60) ? from.one_of(authentication)
                       : from.chance(50)                           ? some_json(from)
                                                                   : hostile_json(from));
  }
  if (from.chance(90)) out += R"(,"timeout":"PT2S")";
  out += "}";
  if (from.chance(20)) out += R"(,"lambdaAttempt":)" + hostile_json(from);
  if (from.chance(10)) out += R"(,"lambdaCall":)" + some_json(from);
  out += "}";
  job.spec.variables = readable(from.chance(5) ? hostile_json(from) : out);
  // A job that fails for ever is no finding: the wait between is always short.
  std::string told = R"({"retryBackoff":"PT0S")";
  for (auto count = from.below(5); count > 0; --count) {
    told += fmt::format(R"(,"{}":"{}")", from.one_of(headers), some_header(from));
  }
  job.spec.headers = readable(told + "}");
  job.kind = "hostile input";
  // Headers are the model's own, variables are not: 2 to 4 stand there alone.
  job.may_get = {secrets[0].name, secrets[1].name};
}

}  // namespace

std::string nonce_of(std::uint64_t seed, std::uint64_t number) {
  return fmt::format("{}{:016x}", nonce_head, dice(seed, of_nonces, number).next());
}

std::vector<std::string> nonces_in(std::string_view text) {
  std::vector<std::string> out;
  for (auto at = text.find(nonce_head); at != std::string_view::npos;
       at = text.find(nonce_head, at + 1)) {
    const auto one = text.substr(at, nonce_head.size() + nonce_digits);
    const auto digits = one.substr(nonce_head.size());
    if (digits.size() == nonce_digits &&
        digits.find_first_not_of("0123456789abcdef") == digits.npos) {
      out.emplace_back(one);
    }
  }
  return out;
}

std::optional<std::uint64_t> number_in(std::string_view payload) {
  constexpr std::string_view name = R"("number":)";
  const auto at = payload.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t out = 0;
  std::size_t digits = 0;
  for (const char c : payload.substr(at + name.size())) {
    if (c < '0' || c > '9' || ++digits > 15) break;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return digits == 0 ? std::nullopt : std::optional(out);
}

plan plan_of(std::uint64_t seed, std::uint64_t number, const std::vector<secret>& secrets) {
  dice from(seed, of_jobs, number);
  plan job;
  job.number = number;
  job.nonce = nonce_of(seed, number);
  job.spec.retries = static_cast<std::int32_t>(from.between(1, 3));
  job.spec.bpmn_process_id = "attack";
  if (from.chance(25)) job.spec.caught_errors = {"*"};
  // Listeners, ad-hoc sub-processes, and what the future may bring.
  if (from.chance(8)) {
    job.spec.kind = from.one_of(std::vector<int>{1, 2, 3, 77});
    job.spec.listener_event = static_cast<int>(from.below(9));
  }
  if (from.chance(20)) {
    make_hostile_input(from, job, secrets);
    return job;
  }
  job.kind = "call";
  job.at_most_once = from.chance(15);
  job.masked_payload = from.chance(20);
  job.asks_secret = from.chance(40);
  const bool unlisted = !job.asks_secret && from.chance(20);
  job.secret = from.below(secrets.size());
  std::string reference = "\"none\"";
  if (job.asks_secret || unlisted) reference = "\"{{secrets." + secrets[job.secret].name + "}}\"";
  job.spec.variables = fmt::format(
      R"({{"lambda":{{"functionName":"attack","timeout":"PT{}S","payload":{{"number":{},"nonce":"{}","token":{},"more":{}}}{}}}}})",
      from.between(1, 3), number, job.nonce, reference, some_json(from),
      from.chance(10) ? R"(,"invocationType":"Event")" : "");
  std::string headers = R"({"retryBackoff":"PT0S")";
  if (job.at_most_once) headers += R"(,"atMostOnce":"true")";
  if (job.masked_payload) headers += R"(,"maskPayload":"true")";
  if (job.asks_secret) job.may_get = {secrets[job.secret].name};
  if (job.asks_secret) headers += R"(,"secrets":")" + secrets[job.secret].name + "\"";
  static const std::vector<std::string> on = {"complete", "bpmnError", "fail"};
  if (from.chance(50)) headers += R"(,"onFunctionError":")" + from.one_of(on) + "\"";
  if (from.chance(20)) headers += R"(,"bpmnErrors":"*")";
  if (from.chance(10)) headers += R"(,"onError":"complete")";
  if (from.chance(5)) headers += R"(,"outputs":"alfresco")";
  job.spec.headers = headers + "}";
  // Only where the end is sure: a job that always fails would otherwise be given out for ever.
  if (job.at_most_once && from.chance(20)) {
    job.spec.retries = from.chance(50) ? std::numeric_limits<std::int32_t>::max()
                                       : std::numeric_limits<std::int32_t>::min();
  }
  return job;
}

}  // namespace attack
