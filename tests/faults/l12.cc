// L12: function errors in every form, and broken log headers. The worker maps each to `error`, and
// the mapping itself never fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::HasSubstr;

struct form {
  const char* name;
  const char* kind;  // X-Amz-Function-Error
  std::string body;
  const char* log;  // X-Amz-Log-Result as sent; nullptr: the function's own
};

std::vector<form> forms() {
  return {
      {"handled", "Handled", R"({"errorType":"E","errorMessage":"m","stackTrace":["a"]})", nullptr},
      {"unhandled", "Unhandled", R"({"errorMessage":"m"})", nullptr},
      {"new-word", "Something", R"({"errorType":"E"})", nullptr},
      {"null-message", "Unhandled", R"({"errorType":null,"errorMessage":null})", nullptr},
      {"no-strings", "Unhandled", R"({"errorType":7,"errorMessage":{"a":1},"stackTrace":"x"})",
       nullptr},
      {"list", "Unhandled", "[1,2]", nullptr},
      {"no-json", "Unhandled", "<html>it broke</html>", nullptr},
      {"no-utf8", "Unhandled", std::string("\xff\xfe\x00", 3), nullptr},
      {"nothing", "Unhandled", "", nullptr},
      {"long", "Unhandled", R"({"errorMessage":")" + std::string(200'000, 'm') + "\"}", nullptr},
      {"broken-log", "Unhandled", R"({"errorType":"E"})", "!!! no base64 !!!"},
      {"bytes-log", "Unhandled", R"({"errorType":"E"})", "//79/P8A"},
  };
}

sandbox::answer made_of(const form& form_of_error) {
  auto out = sandbox::json_answer(form_of_error.body);
  out.function_error = form_of_error.kind;
  // The longest tail there is.
  out.log = std::string(8000, 'l') + "\n";
  if (form_of_error.log != nullptr) out.headers.emplace_back("X-Amz-Log-Result", form_of_error.log);
  return out;
}

TEST(Faults, L12_FunctionErrorsComeInEveryForm) {
  // given
  test_environment env;
  report_action(std::to_string(forms().size()) +
                " forms of function errors, completed, failed and thrown");
  for (const auto& form_of_error : forms()) {
    SCOPED_TRACE(form_of_error.name);
    env.lambda().register_function(form_of_error.name, [form_of_error](const sandbox::invocation&) {
      return made_of(form_of_error);
    });
    // when
    const auto completed = env.run(journey::call_of(form_of_error.name));
    // then
    EXPECT_EQ(completed.state, job_state::completed) << completed.fail_message;
    EXPECT_THAT(completed.process_variable("error").value_or(""),
                HasSubstr(R"("code":"FUNCTION_ERROR")"));

    auto spec = journey::call_of(form_of_error.name, "{}", R"({"onFunctionError":"fail"})");
    spec.retries = 1;
    const auto failed = env.run(spec);
    EXPECT_EQ(failed.state, job_state::incident);
    EXPECT_THAT(failed.incident_message, testing::StartsWith("FUNCTION_ERROR: "));
    EXPECT_LE(failed.incident_message.size(), 6000U);

    auto thrown = journey::call_of(form_of_error.name, "{}", R"({"onFunctionError":"bpmnError"})");
    thrown.caught_errors = {"*"};
    const auto caught = env.run(thrown);
    EXPECT_EQ(caught.state, job_state::error_thrown) << caught.fail_message;
    EXPECT_FALSE(caught.error_code.empty());
  }
  EXPECT_FALSE(env.engine().deep_nesting_seen());
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
