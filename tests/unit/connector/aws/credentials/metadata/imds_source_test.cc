// Credentials of an EC2 instance, against a stand-in for its metadata service.
#include "connector/aws/credentials/metadata/imds_source.h"

#include "tests/sandbox/aws/instance_metadata.h"
#include "tests/unit/connector/aws/credentials/source_fixture.h"

namespace connector::aws {
namespace {

using sandbox::instance_metadata;
using sandbox::metadata_fault;
using step = sandbox::instance_metadata::step;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ImdsSource : public SourceTest {
 protected:
  std::unique_ptr<credentials_source> source(const instance_metadata& at) {
    environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = at.server().url();
    return make_imds_source(tools(), [] { return 0.0; });
  }
};

TEST_F(ImdsSource, GivesTheKeysOfTheRole) {
  instance_metadata service;
  const auto from = source(service);
  const auto got = fetch(*from);
  ASSERT_TRUE(got) << words(got);
  EXPECT_EQ(got->access_key_id, "ASIASANDBOX1");
  EXPECT_EQ(got->secret_access_key.reveal(), "sandbox/metadata/secret");
  EXPECT_EQ(got->session_token.reveal(), "sandbox-metadata-session-token");
  EXPECT_GT(got->expires.value(), wall_clock::now() + std::chrono::hours(5));
  EXPECT_EQ(got->source, "EC2 metadata (" + service.server().url() + ")");
  EXPECT_EQ(from->describe(), got->source);
  EXPECT_EQ(service.unauthorized, 0);
}

TEST_F(ImdsSource, Ipv6IsAskedToo) {
  instance_metadata service(true);
  EXPECT_EQ(words(fetch(*source(service))), "ok ASIASANDBOX1");
}

TEST_F(ImdsSource, TheTokenIsKeptWhileItIsGood) {
  instance_metadata service;
  service.set_token("t", "600");
  const auto from = source(service);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fetch(*from));
  EXPECT_EQ(service.token_requests, 1);
  ahead_ = std::chrono::seconds(300);
  EXPECT_TRUE(fetch(*from));
  EXPECT_EQ(service.token_requests, 1);
  ahead_ = std::chrono::seconds(541);
  EXPECT_TRUE(fetch(*from));
  EXPECT_EQ(service.token_requests, 2);
  EXPECT_EQ(service.unauthorized, 0);
}

TEST_F(ImdsSource, AStaleTokenIsReplacedOnce) {
  instance_metadata service;
  const auto from = source(service);
  EXPECT_TRUE(fetch(*from));
  service.revoke_tokens();
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX2");
  EXPECT_EQ(service.token_requests, 2);
  EXPECT_EQ(service.unauthorized, 1);
  // A service that refuses every token is asked no more than twice.
  service.set_fault(step::role, metadata_fault::status_401);
  EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("unavailable: "), HasSubstr("status 401")));
  EXPECT_EQ(service.token_requests, 3);
  EXPECT_EQ(service.role_requests, 4);
  service.set_fault(step::role, metadata_fault::none);
  EXPECT_TRUE(fetch(*from));
}

TEST_F(ImdsSource, ADisabledServiceIsNotAsked) {
  instance_metadata service;
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_THAT(words(fetch(*source(service))),
              AllOf(StartsWith("not configured: "), HasSubstr("AWS_EC2_METADATA_DISABLED")));
  EXPECT_EQ(service.token_requests, 0);
}

TEST_F(ImdsSource, ATokenRequestThatHangsIsSaidWithTheHopLimit) {
  instance_metadata service;
  service.set_fault(step::token, metadata_fault::hang);
  EXPECT_THAT(words(fetch(*source(service))),
              AllOf(StartsWith("unavailable: EC2 metadata (http://127.0.0.1"),
                    HasSubstr("HttpPutResponseHopLimit")));
  EXPECT_EQ(service.token_requests, 1);
}

TEST_F(ImdsSource, AServiceThatIsNotThereIsUnavailable) {
  const auto gone = [] {
    const instance_metadata service;
    return service.server().url();
  }();
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = gone;
  const auto from = make_imds_source(tools(), [] { return 0.0; });
  EXPECT_THAT(words(fetch(*from)),
              AllOf(StartsWith("unavailable: "), HasSubstr("Connection refused"),
                    Not(HasSubstr("HopLimit"))));
}

// Fails every request in one way.
class failing_client final : public http::client {
 public:
  explicit failing_client(http::failure_kind how) : how_(how) {}
  boost::asio::awaitable<http::result<http::response>> send(http::request request,
                                                            http::limits) override {
    last = std::move(request);
    co_return http::failure{how_, http::request_progress::nothing_sent, "no way"};
  }
  [[nodiscard]] http::counters count() const override { return {}; }
  http::request last;

 private:
  const http::failure_kind how_;
};

TEST_F(ImdsSource, SilenceAtTheUsualAddressMeansThatThereIsNone) {
  const auto outcome = [this](http::failure_kind how) {
    auto with = tools();
    failing_client client(how);
    const auto from = make_imds_source(
        source_dependencies{client, with.look_up, with.wall_time, with.now}, [] { return 0.0; });
    auto said = words(fetch(*from));
    EXPECT_EQ(client.last.to, (http::destination{false, "169.254.169.254", 80}));
    return said;
  };
  EXPECT_THAT(outcome(http::failure_kind::connect), StartsWith("not configured: "));
  EXPECT_THAT(outcome(http::failure_kind::timeout), StartsWith("unavailable: "));
  EXPECT_THAT(outcome(http::failure_kind::read), StartsWith("unavailable: "));
}

TEST_F(ImdsSource, VersionOneIsUsedOnlyWhenItIsAskedFor) {
  for (const auto fault : {metadata_fault::status_404, metadata_fault::hang}) {
    instance_metadata service;
    service.set_fault(step::token, fault);
    service.allow_version_1();
    for (const char* off : {"", "true"}) {
      environment_["AWS_EC2_METADATA_V1_DISABLED"] = off;
      EXPECT_THAT(words(fetch(*source(service))), StartsWith("unavailable: "));
    }
    EXPECT_EQ(service.role_requests, 0);
    environment_["AWS_EC2_METADATA_V1_DISABLED"] = "false";
    EXPECT_EQ(words(fetch(*source(service))), "ok ASIASANDBOX1");
  }
  instance_metadata second;
  second.set_fault(step::token, metadata_fault::status_404);
  environment_.erase("AWS_EC2_METADATA_V1_DISABLED");
  EXPECT_THAT(words(fetch(*source(second))),
              AllOf(HasSubstr("status 404"), HasSubstr("AWS_EC2_METADATA_V1_DISABLED=false")));
}

TEST_F(ImdsSource, CredentialsOfAnOutageAreUsedOn) {
  instance_metadata service;
  service.set_keys({.life = std::chrono::hours(-2)});
  const auto old = fetch(*source(service));
  ASSERT_TRUE(old) << words(old);
  EXPECT_GT(old->expires.value(), wall_clock::now() + std::chrono::minutes(16));
  EXPECT_LT(old->expires.value(), wall_clock::now() + std::chrono::minutes(18));
}

TEST_F(ImdsSource, AnInstanceWithoutRoleIsSaid) {
  instance_metadata service;
  service.set_fault(step::role, metadata_fault::status_404);
  EXPECT_THAT(words(fetch(*source(service))),
              AllOf(StartsWith("unavailable: "), HasSubstr("no role is attached")));
  service.set_fault(step::role, metadata_fault::none);
  service.set_code("AssumeRoleUnauthorizedAccess");
  EXPECT_THAT(words(fetch(*source(service))),
              AllOf(StartsWith("unavailable: "), HasSubstr("AssumeRoleUnauthorizedAccess"),
                    Not(HasSubstr("sandbox/metadata/secret"))));
}

TEST_F(ImdsSource, WhatWouldSteerTheNextRequestIsRefused) {
  instance_metadata service;
  const auto from = source(service);
  for (const char* role : {"../../user-data", "a\r\nX-Evil: 1", "<html>", "", "a b"}) {
    service.set_role(role);
    const auto before = service.key_requests.load();
    const auto got = fetch(*from);
    // Only the first line is looked at: the second row is the role "a", which there is not.
    EXPECT_THAT(words(got), StartsWith("unavailable: "));
    EXPECT_EQ(service.key_requests, before);
  }
  service.set_token("evil\r\nX-Evil: 1");
  const auto next = source(service);
  EXPECT_THAT(words(fetch(*next)), AllOf(StartsWith("unavailable: "), Not(HasSubstr("evil"))));
}

TEST_F(ImdsSource, FaultsOfEveryStepEndAsAwayWithoutASecret) {
  environment_["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "1";
  for (const auto where : {step::token, step::role, step::keys}) {
    for (const auto fault :
         {metadata_fault::close, metadata_fault::garbage, metadata_fault::huge,
          metadata_fault::deep_json, metadata_fault::not_json, metadata_fault::wrong_json,
          metadata_fault::status_500, metadata_fault::status_429, metadata_fault::status_401}) {
      instance_metadata service;
      service.set_fault(where, fault);
      EXPECT_THAT(words(fetch(*source(service))),
                  AllOf(StartsWith("unavailable: "), Not(HasSubstr("sandbox/metadata/secret"))))
          << static_cast<int>(where) << " " << static_cast<int>(fault);
    }
  }
}

TEST_F(ImdsSource, AttemptsAreAsManyAsAreAskedFor) {
  environment_["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "2";
  instance_metadata service;
  service.set_fault(step::keys, metadata_fault::status_500, 1);
  EXPECT_EQ(words(fetch(*source(service))), "ok ASIASANDBOX2");
  EXPECT_EQ(service.key_requests, 2);
}

}  // namespace
}  // namespace connector::aws
