#include "connector/lambda/service.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/lambda/attempt_loop.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

namespace asio = boost::asio;

result<std::unique_ptr<operation_call>> prepared(std::vector<input_value> inputs, const call& asked,
                                                 const settings& how) {
  for (const auto& [operation, prepare_it] : preparations) {
    if (operation == asked.operation) return prepare_it(std::move(inputs), asked, how);
  }
  throw std::logic_error("an operation without an entry in prepare.h");
}

settings completed(settings how) {
  if (!how.random) how.random = system_random();
  if (!how.wall_time) how.wall_time = [] { return wall_clock::now(); };
  if (!how.now) how.now = [] { return boot_clock::now(); };
  return how;
}

class lambda_service final : public service {
 public:
  lambda_service(settings how, http::client& client, aws::credentials_provider& credentials)
      : settings_(completed(std::move(how))), attempts_(settings_, client, credentials) {}

  [[nodiscard]] result<void> check(const call& asked) const override {
    auto made = prepared(asked.inputs, asked, settings_);
    if (!made) return made.error();
    return {};
  }

  asio::awaitable<outcome> run(call asked) override {
    outcome out = co_await under_quiet_cancellation(run_quietly(std::move(asked)));
    co_return out;
  }

 private:
  // Cancellation ends in an outcome, not in an exception from the next await.
  asio::awaitable<outcome> run_quietly(call asked) {
    outcome out;
    const auto started = settings_.now();
    auto made = prepared(std::move(asked.inputs), asked, settings_);
    if (made) {
      co_await attempts_.run(**made, asked, started, out);
    } else {
      out.result = made.error();
    }
    out.call_time =
        std::chrono::duration_cast<std::chrono::milliseconds>(settings_.now() - started);
    co_return out;
  }

  const settings settings_;
  attempt_loop attempts_;
};

}  // namespace

std::unique_ptr<service> make_service(settings how, http::client& client,
                                      aws::credentials_provider& credentials) {
  return std::make_unique<lambda_service>(std::move(how), client, credentials);
}

}  // namespace connector::lambda
