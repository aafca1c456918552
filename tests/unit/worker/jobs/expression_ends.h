// For tests of how jobs end by the expressions of their task: outcomes, one of which shows a
// secret, and the command that follows from headers.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "tests/unit/worker/jobs/outcomes.h"

namespace worker::jobs {

inline const std::string hidden = "s3cr3t-value";

inline connector::outcome answered() {
  return answer_with(R"({"n":12345678901234567890,"d":1.10,"state":"declined"})",
                     R"("START s3cr3t-value END")");
}

inline connector::outcome function_failed(std::string type = "OrderNotFound") {
  return with_function_error(answered(), std::move(type));
}

using headers = std::map<std::string, std::string>;

class expression_ends : public testing::Test {
 protected:
  // `masked`: the outcome as secrets::redact leaves it; by default as it came.
  job_command end(const connector::outcome& from, const headers& texts,
                  std::optional<connector::outcome> masked = std::nullopt) {
    const auto read = read_task_headers(texts);
    EXPECT_TRUE(read) << read.error().message;
    expression_facts expressions{results::begin_session(parsed_), response_of(from, job_), masks_};
    return outcome_to_command(masked.value_or(from), *read, job_, half, &expressions);
  }
  complete_command completed(const connector::outcome& from, const headers& texts) {
    auto command = end(from, texts);
    if (auto* done = std::get_if<complete_command>(&command)) return std::move(*done);
    ADD_FAILURE() << "not completed: " << text_of(command);
    return {};
  }
  fail_command failure(const connector::outcome& from, const headers& texts) {
    auto command = end(from, texts);
    if (auto* failing = std::get_if<fail_command>(&command)) return std::move(*failing);
    ADD_FAILURE() << "not failed: " << text_of(command);
    return {};
  }
  std::string text(const connector::outcome& from, const headers& texts) {
    return text_of(end(from, texts));
  }

  feel::expression_cache parsed_;
  secrets::redactor masks_{{connector::secret_string(hidden)}};
  job_facts job_{3, 0, false};
};

}  // namespace worker::jobs
