#include "connector/aws/credentials/chain.h"

#include <string>
#include <utility>

namespace connector::aws {

namespace {

using kind = source_failure::kind;

class chain final : public credentials_source {
 public:
  explicit chain(std::vector<std::unique_ptr<credentials_source>> sources)
      : sources_(std::move(sources)) {}

  boost::asio::awaitable<fetched> fetch(deadline end) override {
    std::string asked;
    for (const auto& source : sources_) {
      if (winner_ != nullptr && winner_ != source.get()) continue;
      asked_now_ = source.get();
      auto found = co_await source->fetch(end);
      asked_now_ = nullptr;
      if (found) {
        winner_ = source.get();
        co_return found;
      }
      auto failure = found.error();
      if (winner_ != nullptr && failure.reason == kind::not_configured) {
        co_return source_failure{kind::rejected, "The credentials came from " + source->describe() +
                                                     ", which is not there any more (" +
                                                     failure.message + ")."};
      }
      if (failure.reason != kind::not_configured) {
        if (failure.reason == kind::unavailable && !asked.empty()) {
          if (!failure.message.ends_with('.')) failure.message += '.';
          failure.message.append(" Looked at before: ").append(asked).append(".");
        }
        co_return failure;
      }
      asked.append(asked.empty() ? "" : "; ").append(failure.message);
    }
    co_return source_failure{
        kind::unavailable,
        "No AWS credentials were found: " + asked +
            ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role."};
  }

  [[nodiscard]] bool changed() const override { return winner_ != nullptr && winner_->changed(); }

  void rejected(const std::string& access_key_id) override {
    if (winner_ != nullptr) winner_->rejected(access_key_id);
  }

  [[nodiscard]] std::string describe() const override {
    if (winner_ != nullptr) return winner_->describe();
    return asked_now_ != nullptr ? asked_now_->describe() : "none yet";
  }

 private:
  std::vector<std::unique_ptr<credentials_source>> sources_;
  credentials_source* winner_ = nullptr;
  credentials_source* asked_now_ = nullptr;  // while a fetch is under way
};

}  // namespace

std::unique_ptr<credentials_source> make_chain(
    std::vector<std::unique_ptr<credentials_source>> sources) {
  return std::make_unique<chain>(std::move(sources));
}

}  // namespace connector::aws
