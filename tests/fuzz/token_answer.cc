// Answers of token servers: a token that can stand in a header with a bounded life, or a reason in
// one short line.
#include "connector/oauth/token_answer.h"

#include "connector/base/utf8.h"
#include "connector/oauth/token_plan.h"
#include "tests/fuzz/http_bytes.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

using connector::boot_clock;
namespace oauth = connector::oauth;

constexpr boot_clock::time_point asked_at{std::chrono::hours(1000)};

std::string run_token_answer(std::string_view input) {
  const auto answer = answer_of(input);
  const auto read = oauth::read_token_answer(answer, "https://login.example/token", asked_at);
  if (!read) {
    const auto& said = read.error().message;
    if (said.empty() || said.size() > 2000) return "a reason of no use";
    if (!connector::is_utf8(said)) return "a reason that is no text";
    for (const char c : said) {
      if (static_cast<unsigned char>(c) < 0x20) return "a reason of more than one line";
    }
    return {};
  }
  if (answer.status != 200) return "a token from a refusal";
  if (!oauth::is_token(read->value.reveal())) return "a token that cannot stand in a header";
  const auto life = read->expires - read->since;
  if (read->since != asked_at || life < std::chrono::seconds(1) || life > oauth::longest_life) {
    return "a life out of bounds";
  }
  const auto plan = oauth::plan_of(*read);
  if (plan.renew_from > plan.use_until || plan.use_until > read->expires) return "an odd plan";
  return {};
}

}  // namespace

target token_answer() {
  target out{"TokenAnswer",
             run_token_answer,
             {"200\n\n{\"access_token\":\"a.b.c\",\"expires_in\":60,\"token_type\":\"Bearer\"}",
              "200\n\n{\"access_token\":\"a.b.c\",\"expires_in\":\"60\",\"token_type\":\"bearer\"}",
              "401\n\n{\"error\":\"invalid_client\",\"error_description\":\"no\\r\\nway\"}",
              "400\n\n{\"error\":\"invalid_scope\"}", "302\nLocation: x\n\n", "503\n\n<html>",
              "200\n\n{\"access_token\":\"\\u0000\"}", "200\n\n[]"},
             {"access_token",
              "expires_in",
              "token_type",
              "error",
              "error_description",
              "Bearer",
              "mac",
              "invalid_client",
              "temporarily_unavailable",
              "\\u000a",
              "\\ud800",
              "\"",
              ":",
              ",",
              "{",
              "}",
              "[",
              "]",
              "null",
              "1e308",
              "-1",
              "200",
              "401",
              "\xFF"}};
  add_numbers(out.seeds, "200\n\n{\"access_token\":\"a\",\"expires_in\":", "}");
  return out;
}

}  // namespace fuzz
