// Credentials of a container, against a stand-in for its endpoint.
#include "connector/aws/credentials/metadata/container_source.h"

#include <filesystem>

#include "tests/sandbox/aws/container_endpoint.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/aws/credentials/source_fixture.h"

namespace connector::aws {
namespace {

using sandbox::container_endpoint;
using sandbox::metadata_fault;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ContainerSource : public SourceTest {
 protected:
  ContainerSource() { bounds_.pause = std::chrono::milliseconds(1); }
  ~ContainerSource() override {
    if (!token_file_.empty()) std::filesystem::remove(token_file_);
  }

  void use_full_uri(const container_endpoint& at) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = at.server().url() + at.path();
  }

  std::unique_ptr<credentials_source> source() { return make_container_source(tools(), bounds_); }

  void write_token(const std::string& text) {
    token_file_ = std::filesystem::temp_directory_path() /
                  ("lc-container-token-" + std::to_string(::getpid()));
    sandbox::write_file(token_file_, text);
    environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = token_file_;
  }

  metadata_limits bounds_;
  std::filesystem::path token_file_;
};

TEST_F(ContainerSource, WithoutVariablesItIsNotConfigured) {
  EXPECT_THAT(words(fetch(*source())), StartsWith("not configured: "));
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "";
  EXPECT_THAT(words(fetch(*source())), StartsWith("not configured: "));
}

TEST_F(ContainerSource, TheFullUriIsAskedAndThePathNeverShown) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  const auto from = source();
  const auto got = fetch(*from);
  ASSERT_TRUE(got) << words(got);
  EXPECT_EQ(got->access_key_id, "ASIASANDBOX1");
  EXPECT_EQ(got->session_token.reveal(), "sandbox-metadata-session-token");
  EXPECT_GT(got->expires.value(), wall_clock::now() + std::chrono::hours(5));
  EXPECT_EQ(got->source, "container (" + endpoint.server().url() + ")");
  EXPECT_EQ(from->describe(), got->source);
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX2");
}

TEST_F(ContainerSource, TheRelativeUriWinsAndGoesToTheAgent) {
  container_endpoint endpoint;
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = endpoint.path();
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/nobody";
  const auto from =
      make_container_source(tools(), bounds_, {false, "127.0.0.1", endpoint.server().port()});
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX1");
  const auto real = container_target_of(look_up(), ecs_agent());
  ASSERT_TRUE(real);
  EXPECT_EQ(real->to, (http::destination{false, "169.254.170.2", 80}));
  EXPECT_EQ(real->shown, "http://169.254.170.2");
}

TEST_F(ContainerSource, Ipv6IsAskedToo) {
  container_endpoint endpoint("", true);
  use_full_uri(endpoint);
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX1");
}

TEST_F(ContainerSource, PlainHttpGoesOnlyWhereItIsAllowed) {
  for (const char* good :
       {"http://127.0.0.1/x", "http://127.9.9.9/x", "http://[::1]/x", "http://169.254.170.2/x",
        "http://169.254.170.23/x", "http://[fd00:ec2::23]/x", "https://192.0.2.1/x",
        "http://localhost/x", "http://name.example/x"}) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = good;
    EXPECT_TRUE(container_target_of(look_up(), ecs_agent())) << good;
  }
  for (const char* bad :
       {"http://169.254.169.254/x", "http://10.0.0.1/x", "http://192.0.2.1/x", "http://0.0.0.0/x",
        "http://[fd00:ec2::254]/x", "http://[::]/x", "ftp://127.0.0.1/x", "127.0.0.1", "http://"}) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = bad;
    EXPECT_THAT(words(fetch(*source())),
                AllOf(StartsWith("rejected: "), HasSubstr("AWS_CONTAINER_CREDENTIALS_FULL_URI")))
        << bad;
  }
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "@evil.example/x";
  EXPECT_THAT(words(fetch(*source())), HasSubstr("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
}

TEST_F(ContainerSource, ANameIsJudgedByWhatItResolvesTo) {
  const auto guard = guard_metadata(look_up());
  const auto may = [&guard](const http::destination& to, const char* address) {
    return guard(to, boost::asio::ip::make_address(address));
  };
  const http::destination named{false, "name.example", 80};
  EXPECT_TRUE(may(named, "127.0.0.1"));
  EXPECT_TRUE(may(named, "169.254.170.23"));
  EXPECT_FALSE(may(named, "169.254.169.254"));
  EXPECT_FALSE(may(named, "10.0.0.1"));
  EXPECT_FALSE(may(named, "8.8.8.8"));
  EXPECT_TRUE(may({true, "name.example", 443}, "8.8.8.8"));
  EXPECT_TRUE(may({false, "169.254.169.254", 80}, "169.254.169.254"));
}

TEST_F(ContainerSource, ABundleThatCannotBeReadFailsTheRequests) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  bounds_.attempts = 1;
  auto with = tools();
  const auto client = make_metadata_client(loop_.get_executor(), look_up(), "/nowhere/roots.pem");
  const auto from = make_container_source(
      source_dependencies{*client, with.look_up, with.wall_time, with.now}, bounds_);
  EXPECT_EQ(client->count().requests, 0U);
  EXPECT_THAT(words(fetch(*from)),
              AllOf(StartsWith("unavailable: "), HasSubstr("/nowhere/roots.pem")));
  EXPECT_EQ(endpoint.requests, 0);
}

TEST_F(ContainerSource, TheTokenIsSentAsItIs) {
  container_endpoint endpoint("Bearer-less token/1+=");
  use_full_uri(endpoint);
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("rejected: "), HasSubstr("status 401"),
                                             HasSubstr("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")));
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer-less token/1+=";
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX1");
  // But for a line break at its end.
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer-less token/1+=\r\n";
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX2");
}

TEST_F(ContainerSource, TheTokenFileWinsAndIsReadEachTime) {
  container_endpoint endpoint("first");
  use_full_uri(endpoint);
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "not this";
  write_token("first\n");
  const auto from = source();
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX1");
  endpoint.set_token("second");
  const auto stale = fetch(*from);
  EXPECT_THAT(words(stale),
              AllOf(StartsWith("rejected: "), HasSubstr("not accepted"), Not(HasSubstr("first"))));
  write_token("second");
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX2");
}

TEST_F(ContainerSource, ATokenThatIsNoHeaderIsRefusedBeforeItIsSent) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"private\r\nX-Evil: 1", "line break"},      {"private\nmore\n", "line break"},
      {std::string("private\0", 8), "line break"}, {"", "is empty"},
      {std::string(9000, 'p'), "larger than"},
  };
  for (const auto& [text, why] : rows) {
    write_token(text);
    EXPECT_THAT(words(fetch(*source())),
                AllOf(StartsWith("rejected: "), HasSubstr("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
                      HasSubstr(why), Not(HasSubstr("private"))));
  }
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/nowhere/token";
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("/nowhere/token")));
  environment_.erase("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "private\nmore";
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("AWS_CONTAINER_AUTHORIZATION_TOKEN")));
  EXPECT_EQ(endpoint.requests, 0);
}

TEST_F(ContainerSource, WhatPassesIsTriedAgainAndNoMoreThanThrice) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  const auto from = source();
  for (const auto fault :
       {metadata_fault::status_500, metadata_fault::status_429, metadata_fault::close}) {
    endpoint.set_fault(fault, 2);
    endpoint.requests = 0;
    EXPECT_THAT(words(fetch(*from)), StartsWith("ok "));
    EXPECT_EQ(endpoint.requests, 3);
    endpoint.set_fault(fault);
    endpoint.requests = 0;
    EXPECT_THAT(words(fetch(*from)), StartsWith("unavailable: container (http://127.0.0.1"));
    EXPECT_EQ(endpoint.requests, 3);
  }
  endpoint.set_fault(metadata_fault::status_404);
  endpoint.requests = 0;
  EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("rejected: "), HasSubstr("status 404")));
  EXPECT_EQ(endpoint.requests, 1);
}

TEST_F(ContainerSource, WhatIsNoAnswerIsAwayAndNeverRepeated) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  bounds_.attempts = 1;
  const auto from = source();
  for (const auto fault : {metadata_fault::garbage, metadata_fault::huge, metadata_fault::not_json,
                           metadata_fault::wrong_json, metadata_fault::deep_json}) {
    endpoint.set_fault(fault);
    EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("unavailable: container (http://127.0.0.1"),
                                           Not(HasSubstr("sandbox/metadata/secret"))));
  }
  endpoint.set_fault(metadata_fault::none);
  endpoint.set_keys({.life = std::chrono::seconds(-5)});
  EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("unavailable: "), HasSubstr("expired at 20")));
}

TEST_F(ContainerSource, ASilentEndpointEndsByItsLimitAndByTheEnd) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  endpoint.set_fault(metadata_fault::hang);
  bounds_.answer = std::chrono::milliseconds(30);
  bounds_.attempts = 2;
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("unavailable: "), HasSubstr("2 attempts")));
  EXPECT_EQ(endpoint.requests, 2);
  bounds_.answer = std::chrono::hours(1);
  const auto from = source();
  const auto place = start(*from, std::chrono::milliseconds(30));
  ASSERT_TRUE(run_until([&] { return place->has_value(); }));
  EXPECT_THAT(words(**place), StartsWith("unavailable: "));
}

TEST_F(ContainerSource, ACancelledFetchIsAway) {
  container_endpoint endpoint;
  use_full_uri(endpoint);
  endpoint.set_fault(metadata_fault::hang);
  bounds_.answer = std::chrono::hours(1);
  const auto waiting = source();
  auto place = start(*waiting);
  ASSERT_TRUE(run_until([&] { return endpoint.requests == 1; }));
  cancel_.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(run_until([&] { return place->has_value(); }));
  EXPECT_THAT(words(**place), StartsWith("unavailable: "));
  // Between two attempts as well.
  endpoint.set_fault(metadata_fault::status_500);
  bounds_.pause = std::chrono::seconds(20);
  const auto pausing = source();
  place = start(*pausing, std::chrono::hours(1));
  ASSERT_TRUE(run_until([&] { return endpoint.requests == 2; }));
  ASSERT_TRUE(run_until([&] { return client_->count().open <= 1; }));
  loop_.poll();
  cancel_.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(run_until([&] { return place->has_value(); }));
  EXPECT_THAT(words(**place), StartsWith("unavailable: "));
  EXPECT_EQ(endpoint.requests, 2);
}

}  // namespace
}  // namespace connector::aws
