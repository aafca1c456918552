#include "connector/aws/credentials/shared_config/shared_profile_source.h"

#include <fmt/format.h>

#include <utility>

#include "connector/aws/credentials/shared_config/profile_plan.h"
#include "connector/aws/credentials/static_source.h"
#include "connector/aws/credentials/sts/role_sources.h"

namespace connector::aws {

namespace {

using kind = source_failure::kind;

class shared_profile_source final : public credentials_source {
 public:
  shared_profile_source(shared_files& files, sts& from, std::string region, source_makers makers)
      : files_(files), from_(from), region_(std::move(region)), makers_(std::move(makers)) {}

  boost::asio::awaitable<fetched> fetch(deadline end) override {
    const auto files = files_.read();
    if (!files) co_return files.error();
    auto plan = plan_profile(**files, files_.profile(), files_.profile_asked_for());
    if (!plan) co_return plan.error();
    const auto where = place_text(plan->at);
    const auto profile = plan->profile;
    // A new source each time: the files say which, and they may have changed.
    const auto source = make(*std::move(plan));
    auto found = co_await source->fetch(end);
    if (!found && found.error().reason == kind::not_configured) {
      co_return source_failure{
          kind::rejected, fmt::format("Profile '{}' ({}) names a source that is not there: {}.",
                                      profile, where, found.error().message)};
    }
    co_return found;
  }

  [[nodiscard]] bool changed() const override { return files_.changed(); }

  [[nodiscard]] std::string describe() const override {
    return "shared files, profile " + files_.profile();
  }

 private:
  std::unique_ptr<credentials_source> make(profile_plan plan) const {
    auto source = first_of(plan);
    for (auto& step : plan.roles) {
      source = make_role_source(from_, std::move(source), std::move(step.role), region_);
    }
    return source;
  }

  std::unique_ptr<credentials_source> first_of(profile_plan& plan) const {
    using base = profile_plan::base;
    switch (plan.from) {
      case base::keys:
        break;
      case base::process:
        return makers_.process(std::move(plan.command),
                               fmt::format("credential_process of profile '{}' ({})", plan.profile,
                                           place_text(plan.at)));
      case base::web_identity:
        return make_web_identity_source(from_, std::move(plan.web_role), std::move(plan.token_file),
                                        region_);
      case base::environment:
        return makers_.environment();
      case base::container:
        return makers_.container();
      case base::imds:
        return makers_.imds();
    }
    return make_static_source(std::move(plan.keys));
  }

  shared_files& files_;
  sts& from_;
  std::string region_;
  source_makers makers_;
};

}  // namespace

std::unique_ptr<credentials_source> make_files_source(shared_files& files, sts& from,
                                                      std::string region, source_makers makers) {
  return std::make_unique<shared_profile_source>(files, from, std::move(region), std::move(makers));
}

}  // namespace connector::aws
