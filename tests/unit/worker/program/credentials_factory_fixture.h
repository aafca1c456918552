// The worker's credentials from settings, beside a stand-in for STS. One loop.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/http/pooled_client.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/unit/worker/temporary_folder.h"
#include "worker/program/credentials_factory.h"
#include "worker/program/shared_settings.h"
#include "worker/secrets/environment_source.h"
#include "worker/secrets/file_source.h"

namespace worker::program {

namespace aws = connector::aws;
using connector::secret_string;
using from = config::credential_profile::source;

inline const sandbox::access_key key;
inline constexpr auto role = "arn:aws:iam::123456789012:role/x";

class CredentialsFactory : public testing::Test {
 protected:
  CredentialsFactory() {
    aws_.region = "us-east-1";
    set("AWS_ACCESS_KEY_ID", key.id);
    set("AWS_SECRET_ACCESS_KEY", key.secret);
    endpoints_.of_service.emplace("sts", aws::parse_endpoint(sts_.url()).value());
  }

  void set(const std::string& name, const std::string& value) {
    aws_.variables.insert_or_assign(name, secret_string(value));
  }

  config::credential_profile& profile(const std::string& name, from source) {
    auto& made = profiles_.emplace_back();
    made.name = name;
    made.from = source;
    return made;
  }

  static aws::identity named(const std::string& name) {
    aws::identity who;
    who.from = name.empty() ? aws::identity::kind::worker : aws::identity::kind::profile;
    who.profile = name;
    who.region = "us-east-1";
    return who;
  }

  // The id of the keys of that profile, of the worker's own without a name; or what is wrong.
  std::string get(const std::string& name) { return get(named(name)); }
  std::string get(const aws::identity& who) {
    auto keys = keys_of(who);
    return keys ? keys->access_key_id : keys.error().message;
  }

  connector::result<aws::credentials> keys_of(const aws::identity& who) {
    if (!factory_) {
      files_.emplace(variables_of(aws_));
      http_ = connector::http::make_client(loop_.get_executor(), {});
      factory_ = std::make_unique<credentials_factory>(
          loop_.get_executor(),
          credentials_factory::dependencies{aws_, profiles_, endpoints_, *files_, *http_, resolver_,
                                            known_, "test/1", "tester"});
    }
    std::optional<connector::result<aws::credentials>> got;
    const auto end = connector::boot_clock::now() + std::chrono::seconds(20);
    boost::asio::co_spawn(loop_, factory_->provider().get(who, end),
                          [&](std::exception_ptr bug, connector::result<aws::credentials> keys) {
                            EXPECT_FALSE(bug);
                            got = std::move(keys);
                          });
    const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    loop_.restart();
    while (!got && std::chrono::steady_clock::now() < bound) {
      loop_.run_one_for(std::chrono::milliseconds(20));
      if (loop_.stopped()) loop_.restart();
    }
    return got.value_or(aws::credentials_error("(no end)"));
  }

  boost::asio::io_context loop_{1};
  tests::temporary_folder folder_;
  sandbox::sts sts_;
  config::aws_settings aws_;
  std::vector<config::credential_profile> profiles_;
  aws::endpoint_choices endpoints_;
  secrets::environment_source secrets_{"SECRET_", {{"BILLING", secret_string("hidden")}}};
  secrets::file_source stored_{folder_.at("")};
  secrets::resolver resolver_{{&secrets_, &stored_}};
  static constexpr std::size_t most_known = 50;
  secrets::redaction_registry known_{most_known};
  std::optional<aws::shared_files> files_;
  std::unique_ptr<connector::http::client> http_;
  std::unique_ptr<credentials_factory> factory_;
};

}  // namespace worker::program
