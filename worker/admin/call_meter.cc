#include "worker/admin/call_meter.h"

#include <utility>

namespace worker::admin {

namespace {

class metered_service final : public connector::service {
 public:
  metered_service(std::unique_ptr<connector::service> inner, call_meter& meter)
      : inner_(std::move(inner)), meter_(meter) {}

  [[nodiscard]] connector::result<void> check(const connector::call& asked) const override {
    return inner_->check(asked);
  }

  boost::asio::awaitable<void> run_into(connector::call& asked, connector::outcome& out) override {
    co_await inner_->run_into(asked, out);
    meter_.ended(asked.operation, out);
  }

  [[nodiscard]] std::vector<connector::throttled_function> throttled() const override {
    return inner_->throttled();
  }

 private:
  std::unique_ptr<connector::service> inner_;
  call_meter& meter_;
};

}  // namespace

void call_meter::ended(connector::operation_id operation, const connector::outcome& how) {
  // No call was made. The figures of the limit count it.
  if (how.limited) return;
  const std::string name(connector::spec_of(operation).name);
  durations_[name].add(how.call_time);
  std::string result = "OK";
  if (const auto* failed = how.failed()) {
    result = connector::name_of(failed->code);
  } else if (how.still_runs() != nullptr) {
    result = "STILL_RUNNING";
  } else if (how.answered()->function_error) {
    result = "FUNCTION_ERROR";
  }
  ++results_[{name, std::move(result)}];
}

std::unique_ptr<connector::service> metered(std::unique_ptr<connector::service> inner,
                                            call_meter& meter) {
  return std::make_unique<metered_service>(std::move(inner), meter);
}

}  // namespace worker::admin
