// Error answers of any form: what is kept of them is short, one line and UTF-8.
#include "connector/aws/aws_error.h"

#include "connector/base/utf8.h"
#include "tests/fuzz/http_bytes.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

std::string run_aws_error(std::string_view input) {
  const auto answer = answer_of(input);
  const auto read = connector::aws::read_service_error(answer);
  if (read.message.size() > 1000) return "a message above 1,000 bytes";
  for (const auto* text : {&read.message, &read.name, &read.reason}) {
    if (!connector::is_utf8(*text)) return "a text that is not UTF-8";
    if (text->find_first_of("\r\n") != std::string::npos) return "a text of more than one line";
  }
  if (read.retry_after.count() < 0 || read.retry_after > std::chrono::hours(1)) {
    return "a wait that is not within an hour";
  }
  if (read.status != answer.status) return "another status";
  return {};
}

}  // namespace

target aws_error() {
  std::vector<std::string> words = json_words();
  for (const char* word : {"x-amzn-ErrorType:", "Retry-After:", "\n\n", "message", "Message",
                           "__type", "<Code>", "</Message>", "<Message>", "#", "&lt;", "<!--"}) {
    words.emplace_back(word);
  }
  target out{"AwsError",
             run_aws_error,
             {"429\nx-amzn-ErrorType:TooManyRequestsException:http://x/\nRetry-After:1\n\n"
              R"({"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate Exceeded."})",
              "400\n\n{\"__type\":\"com.amazon#ValidationException\",\"Message\":\"a\\nb\"}",
              "503\nx-amz-retry-after:99999999999999999999\n\n<html><body>no</body></html>",
              "403\n\n<ErrorResponse><Error><Code>AccessDenied</Code><Message>no &amp; "
              "no</Message></Error></ErrorResponse>",
              "500\nx-amzn-RequestId:abc\n\n"},
             std::move(words)};
  add_numbers(out.seeds, "429\nRetry-After: ", "\n\n{}");
  return out;
}

}  // namespace fuzz
