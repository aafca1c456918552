#include "connector/lambda/service.h"

#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <utility>

#include "connector/lambda/attempt_loop.h"
#include "connector/lambda/invoke.h"
#include "connector/lambda/operation_call.h"

namespace connector::lambda {

namespace {

namespace asio = boost::asio;

result<std::unique_ptr<operation_call>> prepare(std::vector<input_value> inputs, const call& what,
                                                const settings& how) {
  switch (what.what) {
    case operation::invoke:
      return prepare_invoke(std::move(inputs), what, how);
    case operation::list_functions:
    case operation::get_function:
    case operation::delete_function:
      break;
  }
  return bad_input("This operation is not in this version.");
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

  [[nodiscard]] result<void> check(const call& what) const override {
    auto prepared = prepare(what.inputs, what, settings_);
    if (!prepared) return prepared.error();
    return {};
  }

  asio::awaitable<outcome> run(call what) override {
    // Cancellation must end in an outcome, not in an exception from the next await.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    outcome out;
    const auto started = settings_.now();
    auto prepared = prepare(std::move(what.inputs), what, settings_);
    if (prepared) {
      co_await attempts_.run(**prepared, what, started, out);
    } else {
      out.what = prepared.error();
    }
    out.call_time =
        std::chrono::duration_cast<std::chrono::milliseconds>(settings_.now() - started);
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return out;
  }

 private:
  const settings settings_;
  attempt_loop attempts_;
};

}  // namespace

std::unique_ptr<service> make_service(settings how, http::client& client,
                                      aws::credentials_provider& credentials) {
  return std::make_unique<lambda_service>(std::move(how), client, credentials);
}

}  // namespace connector::lambda
