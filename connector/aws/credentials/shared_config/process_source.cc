#include "connector/aws/credentials/shared_config/process_source.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "connector/aws/credentials/shared_config/child_output.h"
#include "connector/aws/credentials/shared_config/command_words.h"
#include "connector/aws/credentials/static_credentials.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/timestamp.h"

namespace connector::aws {

namespace {

using kind = source_failure::kind;

source_failure failed(kind reason, const std::string& name, std::string_view why) {
  return {reason, fmt::format("{}: {}", name, why)};
}

source_failure failure_of(const child_output& out, const std::string& name,
                          const process_limits& bounds) {
  using end = child_output::end;
  switch (out.how) {
    case end::not_started:
      return failed(
          kind::rejected, name,
          fmt::format("the program cannot be started: {}. Give its full path.", out.reason));
    case end::late:
      return failed(
          kind::unavailable, name,
          fmt::format("the program did not end within {} s.", bounds.time.count() / 1000));
    case end::too_much:
      return failed(kind::rejected, name,
                    fmt::format("the program printed more than {} bytes.", bounds.bytes));
    case end::given_up:
      return failed(kind::unavailable, name, "given up.");
    case end::failed:
    case end::exited:
      break;
  }
  return failed(kind::unavailable, name, fmt::format("the program failed ({}).", out.reason));
}

class process_source final : public credentials_source {
 public:
  process_source(secret_string command, std::string name, hidden_variables hidden,
                 process_limits bounds)
      : command_(std::move(command)),
        name_(std::move(name)),
        hidden_(std::move(hidden)),
        bounds_(bounds) {}

  boost::asio::awaitable<fetched> fetch(deadline end) override {
    auto command = split_command(command_.reveal());
    if (!command.wrong.empty()) {
      co_return failed(kind::rejected, name_, fmt::format("{}.", command.wrong));
    }
    const deadline own_end = std::min(end, boot_clock::now() + bounds_.time);
    auto variables = child_environment(environ, hidden_);
    auto out =
        co_await run_child(std::move(command.words), std::move(variables), bounds_.bytes, own_end);
    if (out.how != child_output::end::exited) co_return failure_of(out, name_, bounds_);
    auto read = read_process_credentials(out.text, name_);
    wipe(out.text);
    co_return read;
  }

  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  secret_string command_;
  std::string name_;
  hidden_variables hidden_;
  process_limits bounds_;
};

}  // namespace

fetched read_process_credentials(std::string_view output, const std::string& name) {
  const auto read = json::members(without_mark(output), {.depth = 20});
  if (read.wrong) return failed(kind::rejected, name, "the program did not print a JSON object.");
  const auto version = json::find(read.members, "Version");
  if (!version || json::integer_of(*version) != 1) {
    return failed(kind::rejected, name, "\"Version\" of what the program prints must be 1.");
  }
  bool good = true;
  const auto text = [&](std::string_view member) {
    const auto value = json::find(read.members, member);
    if (!value || *value == "null") return std::string();
    auto read_text = json::text_of(*value);
    good = good && read_text;
    return read_text.value_or(std::string());
  };
  auto secret = text("SecretAccessKey");
  auto token = text("SessionToken");
  auto made = static_credentials(text("AccessKeyId"), secret_string::take(secret),
                                 secret_string::take(token), name,
                                 {"AccessKeyId", "SecretAccessKey", "SessionToken"});
  if (!good) return failed(kind::rejected, name, "a member of what it prints is no string.");
  if (!made) return failed(kind::rejected, name, made.error().message);
  const auto expiration = text("Expiration");
  if (!good) return failed(kind::rejected, name, "\"Expiration\" must be a string.");
  if (!expiration.empty()) {
    made->expires = parse_timestamp(expiration);
    if (!made->expires) {
      return failed(kind::rejected, name, "\"Expiration\" must be a date as in ISO 8601.");
    }
  }
  return *std::move(made);
}

std::unique_ptr<credentials_source> make_process_source(secret_string command, std::string name,
                                                        hidden_variables hidden,
                                                        process_limits bounds) {
  return std::make_unique<process_source>(std::move(command), std::move(name), std::move(hidden),
                                          bounds);
}

}  // namespace connector::aws
