// L11: JSON at its edges, and what only looks like it, as a function's answer. Valid JSON arrives
// in the engine byte for byte; other text becomes a string, other bytes base64; what no engine
// takes never reaches it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::StartsWith;

// The function "says" answers with the text under the name in its payload.
sandbox::function says(std::map<std::string, std::string> texts) {
  return [texts = std::move(texts)](const sandbox::invocation& call) {
    const auto found = texts.find(call.payload.substr(1, call.payload.size() - 2));
    return sandbox::json_answer(found == texts.end() ? "unknown" : found->second);
  };
}

// As many as an answer of the service has room for (6 MB).
std::string keys_of(std::size_t count) {
  std::string out = "{";
  for (std::size_t i = 0; i < count; ++i) {
    out += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
  }
  return out + "}";
}

std::string same_key(std::size_t count) {
  std::string out = "{\"k\":0";
  for (std::size_t i = 1; i < count; ++i) out += ",\"k\":0";
  return out + "}";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

journey::job_account answer_of(test_environment& env, const std::string& name) {
  const auto job = env.run(journey::call_of("says", '"' + name + '"'));
  EXPECT_EQ(job.fails, job.state == job_state::incident ? 1U : 0U) << name;
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U) << name;
  return job;
}

TEST(Faults, L11_JsonIsAtItsEdges) {
  // given
  const std::map<std::string, std::string> kept = {
      {"lone surrogate", R"(["\ud800","\udc00x"])"},
      {"nul", R"("a\u0000b")"},
      {"duplicate keys", R"({"a":1,"a":2})"},
      {"exponent", "[1e400,-1e-400]"},
      {"minus zero", "[-0,-0.0]"},
      {"20 digits", "[12345678901234567890,9007199254740993]"},
      {"blanks", "\t[ 1.10 ,\r\n 2 ] "},
      {"deep", nested(400)},
      {"many keys", keys_of(is_long() ? 500'000 : 20'000)},
      {"one key again and again", same_key(is_long() ? 1'000'000 : 20'000)},
  };
  const std::map<std::string, std::string> text = {
      {"malformed", R"({"a":)"},    {"trailing", "{} {}"},
      {"single quotes", "{'a':1}"}, {"NaN", "NaN"},
      {"leading zero", "01"},       {"bom before no JSON", "\xef\xbb\xbf{"},
      {"raw control", "\"a\x01\""},
  };
  const std::map<std::string, std::string> bytes = {{"invalid utf-8", "\"\xff\xfe\""},
                                                    {"overlong", "\"\xc0\xaf\""},
                                                    {"encoded surrogate", "\"\xed\xa0\x80\""}};
  const std::map<std::string, std::string> refused = {
      {"deep 501", nested(501)},
      {"deep 100000", nested(100'000)},
      {"21 digits", "[123456789012345678901]"},
  };
  std::map<std::string, std::string> every = kept;
  for (const auto* more : {&text, &bytes, &refused}) every.insert(more->begin(), more->end());
  every.emplace("bom", "\xef\xbb\xbf{}");

  journey::test_environment_options options;
  options.engine.max_message_size = std::size_t{64} << 20;
  options.worker = {{"LAMBDA_CONNECTOR_MAX_RESPONSE_BYTES", "32MB"}};
  test_environment env(options);
  env.lambda().register_function("says", says(every));
  // when
  report_action(std::to_string(kept.size()) + " edges of JSON kept byte for byte");
  for (const auto& [name, value] : kept) {
    const auto job = answer_of(env, name);
    // then
    EXPECT_EQ(job.state, job_state::completed) << name << job.fail_message;
    // As a flag: the texts are megabytes.
    EXPECT_TRUE(job.completion_variables.find(value) != std::string::npos) << name;
  }
  report_action(std::to_string(text.size()) + " other texts, " + std::to_string(bytes.size()) +
                " bytes");
  for (const auto& [name, value] : text) {
    const auto job = answer_of(env, name);
    EXPECT_EQ(job.state, job_state::completed) << name << job.fail_message;
    EXPECT_THAT(job.process_variable("payload").value_or(""), StartsWith("\"")) << name;
  }
  for (const auto& [name, value] : bytes) {
    const auto job = answer_of(env, name);
    EXPECT_EQ(job.state, job_state::completed) << name << job.fail_message;
    EXPECT_EQ(job.process_variable("payloadEncoding"), R"("base64")") << name;
  }
  EXPECT_EQ(answer_of(env, "bom").process_variable("payload"), "{}");
  report_action(std::to_string(refused.size()) + " refused");
  for (const auto& [name, value] : refused) {
    const auto job = answer_of(env, name);
    EXPECT_EQ(job.state, job_state::incident) << name;
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: ")) << name;
  }
  EXPECT_FALSE(env.engine().deep_nesting_seen());
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
