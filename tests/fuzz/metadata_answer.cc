// Whatever a metadata service answers: keys, a token and a role that can stand in a request, or a
// short complaint.
#include "connector/aws/credentials/metadata/metadata_answer.h"

#include <algorithm>

#include "connector/aws/credentials/metadata/imds_answer.h"
#include "connector/base/utf8.h"
#include "connector/http/url.h"
#include "tests/fuzz/http_bytes.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

using namespace connector::aws;
namespace http = connector::http;

// Printable ASCII without blanks.
bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string keys(std::string_view input) {
  const auto read = read_metadata_credentials(input, "here");
  if (!read) {
    const auto& message = read.error().message;
    if (!message.starts_with("here: ") || message.size() > 300) return "an odd complaint";
    return is_word(message) || connector::is_utf8(message) ? "" : "a complaint that is not UTF-8";
  }
  for (const auto text : {std::string_view(read->access_key_id), read->secret_access_key.reveal(),
                          read->session_token.reveal()}) {
    if (text.empty() || text.size() > 16 * 1024 || !is_word(text)) return "odd keys";
  }
  return read->expires ? "" : "keys that never expire";
}

std::string token_and_role(std::string_view input) {
  const auto answer = answer_of(input);
  const auto token = imds_token_of(answer);
  if (token && (token->empty() || token->size() > 1024 || !is_word(*token))) return "an odd token";
  const auto life = imds_token_life(answer);
  if (life.count() < 0 || life > longest_imds_token) return "a token of an odd life";
  const auto role = imds_role_of(input);
  if (role && (role->find('/') != std::string::npos || role->size() > 64 ||
               !http::is_request_target("/" + *role))) {
    return "an odd role";
  }
  return {};
}

std::string run_metadata_answer(std::string_view input) {
  auto wrong = keys(input);
  return wrong.empty() ? token_and_role(input) : wrong;
}

}  // namespace

target metadata_answer() {
  auto words = json_words();
  for (const char* word :
       {"\"AccessKeyId\":", "\"SecretAccessKey\":", "\"Token\":", "\"Expiration\":", "\"Code\":",
        "\"Success\"", "\"2026-11-21T02:08:01Z\"", "\"ASIA1\"", "..", "\r\n",
        "X-aws-ec2-metadata-token-ttl-seconds:", "99999999999"}) {
    words.emplace_back(word);
  }
  target out{
      "MetadataAnswer",
      run_metadata_answer,
      {R"({"AccessKeyId":"ASIA1","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T02:08:01Z"})",
       R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t\r\nX: 1","Expiration":"2026-11-21T02:08:01.5+01:00"})",
       R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"m"})",
       "200\nX-aws-ec2-metadata-token-ttl-seconds:300\n\nAQAEAB==", "worker-role\nsecond", "..\n",
       "a/../b"},
      std::move(words)};
  add_numbers(out.seeds, "200\nX-aws-ec2-metadata-token-ttl-seconds:", "\n\nAQAEAB==");
  return out;
}

}  // namespace fuzz
