// Answers of STS: keys that may stand in a header, or a reason in one line.
#include "connector/aws/credentials/sts/sts_answer.h"

#include "connector/aws/credentials/shared_config/process_source.h"
#include "tests/fuzz/http_bytes.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

std::string check_answer(const connector::aws::fetched& read) {
  if (!read) {
    const auto& text = read.error().message;
    if (text.empty() || text.size() > 4000) return "a reason of no use";
    if (text.find_first_of("\r\n") != std::string::npos) return "a reason of more than one line";
    return {};
  }
  if (read->access_key_id.empty() || read->secret_access_key.empty()) return "half of a key pair";
  for (const auto part : {std::string_view(read->access_key_id), read->session_token.reveal()}) {
    for (const char c : part) {
      if (c <= ' ' || c > '~') return "a key that cannot stand in a header";
    }
  }
  return {};
}

std::string run_sts_answer(std::string_view input) {
  const auto answer = answer_of(input);
  const connector::aws::sts_question question{"AssumeRole", "role", "host", "source"};
  const auto out = connector::aws::read_sts_answer(answer, question);
  if (out.result && answer.status != 200) return "keys from a refusal";
  if (out.result && !out.result->expires) return "keys without an end";
  if (auto wrong = check_answer(out.result); !wrong.empty()) return wrong;
  return check_answer(connector::aws::read_process_credentials(answer.body, "process"));
}

}  // namespace

target sts_answer() {
  target out{
      "StsAnswer",
      run_sts_answer,
      {"200\n\n<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
       "<SecretAccessKey>b</SecretAccessKey><SessionToken>c&amp;d</SessionToken><Expiration>"
       "2026-11-21T02:08:01Z</Expiration></Credentials></AssumeRoleResult>"
       "</AssumeRoleResponse>",
       "403\n\n<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
       "</ErrorResponse>",
       "200\n\n{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"b\",\"Expiration\":"
       "\"2026-11-21T02:08:01.5+01:00\"}",
       "200\n\n<?xml version=\"1.0\"?><!-- x --><a b='>'><![CDATA[y]]></a>"},
      {"<",
       ">",
       "/",
       "</",
       "/>",
       "<![CDATA[",
       "]]>",
       "<!--",
       "-->",
       "&amp;",
       "&#10;",
       "&#x;",
       "&",
       ";",
       "AssumeRoleResponse",
       "AssumeRoleResult",
       "Credentials",
       "AccessKeyId",
       "SecretAccessKey",
       "SessionToken",
       "Expiration",
       "2026-11-21T02:08:01Z",
       "x:",
       "\""}};
  add_numbers(out.seeds,
              "200\n\n{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"b\",\"Version\":", "}");
  return out;
}

}  // namespace fuzz
