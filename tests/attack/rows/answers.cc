// Rows about answers of functions: more bytes than the worker asked for, late bytes, and words that
// prove nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/attack/rows/stage.h"
#include "tests/sandbox/lambda/wire.h"

namespace attack {
namespace {

namespace wire = sandbox::wire;
using testing::HasSubstr;

std::string answer_with(const std::string& body,
                        const std::vector<std::pair<std::string, std::string>>& more = {}) {
  auto headers = more;
  headers.emplace_back("Content-Type", "application/json");
  headers.emplace_back("Content-Length", std::to_string(body.size()));
  return wire::head("HTTP/1.1 200 OK", headers) + body;
}

std::string numbered(std::size_t number) { return R"({"number":)" + std::to_string(number) + "}"; }

TEST(Attacks, surplus) {
  stage env({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "4"}});
  report_action(
      "every second answer has another one behind it, while other calls wait for a connection");
  env.lambda().register_function("two", [](const sandbox::invocation& in) {
    sandbox::answer out;
    out.wire = {wire::send(answer_with(in.payload) + answer_with(R"({"number":"of nobody"})")),
                wire::next()};
    return out;
  });
  std::vector<std::int64_t> keys;
  for (std::size_t number = 0; number < 60; ++number) {
    auto spec =
        call_of(number % 2 == 0 ? "two" : "echo", numbered(number), R"({"retryBackoff":"PT0S"})");
    keys.push_back(env.engine().create(spec));
  }
  EXPECT_TRUE(env.engine().wait_all_ended(journey::patience));
  for (std::size_t number = 0; number < keys.size(); ++number) {
    const auto job = env.account(keys[number]);
    const auto payload = job.process_variable("payload");
    if (number % 2 == 1) {
      EXPECT_EQ(payload, numbered(number));
    } else if (job.state == job_state::completed) {
      EXPECT_EQ(payload, numbered(number));
    }
  }
  env.end();
}

TEST(Attacks, announced) {
  stage env;
  report_action("three answers announce 8 MB and fall silent, twenty of 200 KB complete meanwhile");
  env.lambda().register_function("silent", [](const sandbox::invocation&) {
    sandbox::answer out;
    out.wire = {wire::send(wire::head("HTTP/1.1 200 OK", {{"Content-Length", "6000000"}})),
                wire::hang()};
    return out;
  });
  job_spec silent;
  silent.variables = R"({"lambda":{"functionName":"silent","timeout":"PT25S"}})";
  silent.retries = 1;
  env.create(silent, 3);
  EXPECT_TRUE(env.lambda().account().wait_for([](const auto& t) { return t.executions == 3; },
                                              journey::patience));
  const auto keys = env.create(call_of("big", R"({"bytes":200000})"), 20);
  EXPECT_TRUE(env.wait([&] { return env.engine().totals().completed == keys.size(); }));
  EXPECT_EQ(env.engine().totals().incident, 0U) << "no silent one may have ended before";
  env.end();
}

// Text with an item many times, as long as an answer may be; `#` in it is a number.
std::string many(std::string text, const std::string& item, const std::string& end) {
  constexpr std::size_t longest_answer = 6'291'556;
  const auto place = item.find('#');
  for (std::size_t at = 0; text.size() + item.size() + 10 < longest_answer; ++at) {
    if (at > 0) text += ',';
    auto one = item;
    if (place != item.npos) one.replace(place, 1, std::to_string(at));
    text += one;
  }
  return text + end;
}

// An answer is there a few times on its way, and once more what an expression may build.
constexpr std::size_t most_megabytes_more = 50;

TEST(Attacks, nodes) {
  // What was freed stays with the address sanitizer for a while. Here it would count as used.
  stage env({{"ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=1"}});
  report_action(
      "answers of 6 MB with two million items, or half a million members, that expressions look "
      "into");
  const std::map<std::string, std::string> answers = {{"items", many("[", "{}", "]")},
                                                      {"members", many("{", R"("a#":{})", "}")}};
  for (const auto& [name, text] : answers) {
    env.lambda().register_function(
        name, [text = text](const sandbox::invocation&) { return sandbox::json_answer(text); });
  }
  EXPECT_TRUE(env.works());
  const auto before = env.memory();
  const auto end_of = [&](const std::string& function, const std::string& expression) {
    return env.run(call_of(function, "{}", R"({"resultExpression":")" + expression + "\"}")).state;
  };
  EXPECT_EQ(end_of("items", "={x: for i in payload return 1}"), job_state::incident);
  EXPECT_EQ(end_of("members", "=payload"), job_state::incident);
  // On a slow machine these may take longer than an expression may.
  end_of("items", "={x: payload[1], n: count(payload)}");
  end_of("members", "={x: payload.a1}");
  const auto after = env.memory();
  report_action("the peak grew by " + std::to_string(after.peak - before.peak) + " MB");
  EXPECT_LT(after.peak, before.peak + most_megabytes_more) << "from " << before.peak;
  EXPECT_TRUE(env.works());
  env.end();
}

TEST(Attacks, members) {
  stage env(
      {{"ALLOWED_HOSTS", "localhost:*"}, {"ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=1"}});
  report_action("errors of 6 MB with a million members, and a variable lambda of 2 MB");
  env.lambda().register_function("members", [](const sandbox::invocation&) {
    auto out = sandbox::function_failure("", "");
    out.body = many("{", R"("":0)", "}");
    return out;
  });
  env.lambda().register_function("refuses", [](const sandbox::invocation&) {
    return sandbox::json_answer(R"({"statusCode":400,"body":)" + many("\"{", R"(\"\":0)", "}\"") +
                                "}");
  });
  EXPECT_TRUE(env.works());
  const auto before = env.memory();
  EXPECT_EQ(env.run(call_of("members", "{}", R"({"onFunctionError":"fail"})")).state,
            job_state::incident);
  job_spec refused;
  refused.retries = 1;
  refused.variables = R"({"lambda":{"functionName":")" + env.lambda().endpoint() +
                      R"(/function-url/refuses","payload":{}}})";
  EXPECT_EQ(env.run(refused).state, job_state::incident);
  job_spec fields;
  fields.variables = R"({"lambda":{"functionName":"echo")";
  for (std::size_t at = 0; at < 400'000; ++at) fields.variables += R"(,"":0)";
  fields.variables += "}}";
  EXPECT_EQ(env.run(fields).state, job_state::incident);
  const auto after = env.memory();
  report_action("the peak grew by " + std::to_string(after.peak - before.peak) + " MB");
  EXPECT_LT(after.peak, before.peak + most_megabytes_more) << "from " << before.peak;
  EXPECT_TRUE(env.works());
  env.end();
}

TEST(Attacks, url_refusal) {
  stage env({{"ALLOWED_HOSTS", "localhost:*"}});
  report_action(
      "a function behind a URL answers 429, with and without words of Lambda's, to a task that "
      "says atMostOnce");
  const auto url_call = [&](const std::string& answer) {
    job_spec out;
    out.variables = R"({"lambda":{"functionName":")" + env.lambda().endpoint() +
                    R"(/function-url/echo","payload":)" + answer + "}}";
    out.headers = R"({"atMostOnce":"true","retryBackoff":"PT0S"})";
    return out;
  };
  for (
      const std::string answer :
      {R"({"statusCode":429,"body":"later"})",
       R"({"statusCode":429,"headers":{"x-amzn-ErrorType":"TooManyRequestsException"},"body":"{}"})",
       R"({"statusCode":503,"headers":{"Retry-After":"0"},"body":"{}"})"}) {
    const auto job = env.run(url_call(answer));
    EXPECT_EQ(job.state, job_state::incident) << answer;
    EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, 1U) << answer;
  }
  env.end();
}

TEST(Attacks, dates) {
  stage env;
  report_action("accepted answers with dates hours and years off");
  env.lambda().register_function("dated", [](const sandbox::invocation& in) {
    sandbox::answer out;
    out.wire = {wire::send(answer_with(in.payload,
                                       {{"Date", in.payload.substr(1, in.payload.size() - 2)}})),
                wire::next()};
    return out;
  });
  for (const std::string date :
       {"\"Thu, 01 Jan 1970 00:00:00 GMT\"", "\"Fri, 31 Dec 2100 23:59:59 GMT\"", "\"never\""}) {
    EXPECT_EQ(env.run(call_of("dated", date)).state, job_state::completed) << date;
    EXPECT_TRUE(env.works());
  }
  EXPECT_EQ(env.lambda().account().counted().refused, 0U)
      << "a call was signed with another's time";
  env.end();
}

TEST(Attacks, asked_to_wait) {
  stage env;
  report_action("429 with Retry-After: 60");
  env.lambda().register_function("busy", [](const sandbox::invocation&) {
    auto out = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
    out.headers.emplace_back("Retry-After", "60");
    return out;
  });
  const auto spec = call_of("busy");
  const auto key = env.engine().create(spec);
  EXPECT_TRUE(env.wait([&] { return env.account(key).fails > 0; }));
  EXPECT_GE(env.account(key).fail_backoff, std::chrono::seconds(60));
  env.engine().cancel(key);
  env.end();
}

TEST(Attacks, encodings) {
  stage env;
  report_action(
      "answers behind a byte order mark, and bytes that are said to be packed and are not");
  env.lambda().register_function("marked", [](const sandbox::invocation&) {
    return sandbox::json_answer("\xef\xbb\xbf{\"a\":1}");
  });
  const auto marked = env.run(call_of("marked"));
  EXPECT_EQ(marked.process_variable("payload"), R"({"a":1})");
  env.lambda().register_function("unpackable", [](const sandbox::invocation&) {
    auto out = sandbox::json_answer("not packed");
    out.headers.emplace_back("Content-Encoding", "gzip");
    return out;
  });
  auto spec = call_of("unpackable");
  spec.retries = 1;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, HasSubstr("Content-Encoding"));
  env.end();
}

}  // namespace
}  // namespace attack
