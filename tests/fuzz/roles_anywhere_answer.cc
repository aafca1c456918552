// Any answer to CreateSession: keys that can be signed with, or a short complaint on one line.
#include "connector/aws/credentials/roles_anywhere/roles_anywhere_answer.h"

#include <algorithm>

#include "connector/base/utf8.h"
#include "tests/fuzz/http_bytes.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

std::string run_roles_anywhere_answer(std::string_view input) {
  const auto got = connector::aws::read_session_answer(answer_of(input), "here");
  if (!got.result) {
    const auto& message = got.result.error().message;
    if (!message.starts_with("here: ") || message.size() > 1500) return "an odd complaint";
    if (!connector::is_utf8(message)) return "a complaint that is not UTF-8";
    return message.find_first_of("\r\n") == std::string::npos ? "" : "a complaint of two lines";
  }
  if (got.again) return "keys, and again";
  for (const auto text :
       {std::string_view(got.result->access_key_id), got.result->secret_access_key.reveal(),
        got.result->session_token.reveal()}) {
    const bool clean =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (text.empty() || !clean) return "odd keys";
  }
  return got.result->expires ? "" : "keys that never expire";
}

}  // namespace

target roles_anywhere_answer() {
  auto words = json_words();
  for (const char* word : {"\"credentialSet\":[", "\"credentials\":{", "\"accessKeyId\":",
                           "\"secretAccessKey\":", "\"sessionToken\":", "\"expiration\":",
                           "\"2026-11-21T02:08:01Z\"", "201\n\n", "x-amzn-ErrorType:", "message"}) {
    words.emplace_back(word);
  }
  return {"RolesAnywhereAnswer",
          run_roles_anywhere_answer,
          {"201\n\n{\"credentialSet\":[{\"credentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":"
           "\"s\",\"sessionToken\":\"t\",\"expiration\":\"2026-11-21T02:08:01Z\"}}],\"subjectArn\":"
           "\"x\"}",
           "403\nx-amzn-ErrorType:AccessDeniedException\n\n{\"message\":\"Untrusted certificate\"}",
           "500\n\n<html>", "200\n\n{\"credentialSet\":[]}"},
          std::move(words)};
}

}  // namespace fuzz
