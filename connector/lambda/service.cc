#include "connector/lambda/service.h"

#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "connector/lambda/attempt_loop.h"
#include "connector/lambda/authentication_input.h"
#include "connector/lambda/functions/delete_function.h"
#include "connector/lambda/functions/get_function.h"
#include "connector/lambda/functions/list_functions.h"
#include "connector/lambda/invoke/invoke.h"
#include "connector/lambda/operation_call.h"

namespace connector::lambda {

namespace {

namespace asio = boost::asio;

result<std::unique_ptr<operation_call>> read(std::vector<input_value> inputs, const call& what,
                                             const settings& how) {
  switch (what.operation) {
    case operation_id::invoke:
      return prepare_invoke(std::move(inputs), what, how);
    case operation_id::list_functions:
      return prepare_list_functions(std::move(inputs), what, how);
    case operation_id::get_function:
      return prepare_get_function(std::move(inputs), what, how);
    case operation_id::delete_function:
      return prepare_delete_function(std::move(inputs), what, how);
  }
  throw std::logic_error("an operation that nobody carries out");
}

result<std::unique_ptr<operation_call>> prepare(std::vector<input_value> inputs, const call& what,
                                                const settings& how) {
  auto made = read(std::move(inputs), what, how);
  if (!made) return made;
  const auto allowed = check_allowed((*made)->who, what.allowed ? *what.allowed : guard());
  if (!allowed) return allowed.error();
  return made;
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
