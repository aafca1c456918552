// Sessions of IAM Roles Anywhere, against a stand-in that verifies signature and certificate.
#include "connector/aws/credentials/roles_anywhere/roles_anywhere_source.h"

#include <unistd.h>

#include <filesystem>

#include "connector/http/pooled_client.h"
#include "connector/http/url.h"
#include "tests/sandbox/aws/roles_anywhere.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/aws/credentials/source_fixture.h"

namespace connector::aws {
namespace {

using sandbox::metadata_fault;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RolesAnywhereSource : public SourceTest {
 protected:
  RolesAnywhereSource()
      : folder_(std::filesystem::temp_directory_path() /
                ("lc-roles-anywhere-" + std::to_string(::getpid()))),
        service_({.anchor = authority_.root_pem()}) {
    std::filesystem::create_directories(folder_);
    how_.name = "plant";
    how_.session.trust_anchor_arn = service_.options().trust_anchor_arn;
    how_.session.profile_arn = service_.options().profile_arn;
    how_.session.role_arn = service_.options().role_arn;
    how_.certificate_file = folder_ / "worker.pem";
    how_.private_key.file = folder_ / "worker.key";
    how_.random = [] { return 0.0; };
    how_.endpoint_of = [this](std::string_view region) -> result<endpoint> {
      asked_region_ = region;
      endpoint where;
      where.to = http::read_url(service_.server().url())->to;
      return where;
    };
    install(authority_.issue());
  }
  ~RolesAnywhereSource() override { std::filesystem::remove_all(folder_); }

  // Files are replaced as tools do it: written beside and renamed.
  void put(const std::string& path, const std::string& text) {
    sandbox::write_file(path + ".new", text);
    std::filesystem::rename(path + ".new", path);
  }
  void install(const sandbox::issued_certificate& issued) {
    put(how_.certificate_file, issued.certificate);
    put(how_.private_key.file, issued.key);
  }

  std::unique_ptr<credentials_source> source() {
    auto with = tools();
    own_ = http::make_client(loop_.get_executor(), {});
    return make_roles_anywhere_source(
        source_dependencies{*own_, with.look_up, with.wall_time, with.now}, how_);
  }

  sandbox::certificate_authority authority_;
  std::filesystem::path folder_;
  sandbox::roles_anywhere service_;
  roles_anywhere_settings how_;
  std::string asked_region_;
  std::unique_ptr<http::client> own_;
};

TEST_F(RolesAnywhereSource, CorrectsAWrongClockAndRemembersIt) {
  const auto from = source();
  service_.set_clock_offset(std::chrono::minutes(40));
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX1");
  EXPECT_EQ(service_.requests, 2);
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX2");
  EXPECT_EQ(service_.requests, 3);
  // The machine's clock is put right.
  service_.set_clock_offset(std::chrono::seconds(0));
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX3");
  EXPECT_EQ(service_.requests, 5);
}

TEST_F(RolesAnywhereSource, WhatComesBackExpiresByOurClock) {
  for (const auto ahead : {std::chrono::minutes(120), std::chrono::minutes(-50)}) {
    service_.set_clock_offset(ahead);
    const auto got = fetch(*source());
    ASSERT_TRUE(got) << words(got);
    EXPECT_GT(got->expires.value(), wall_clock::now() + std::chrono::minutes(55));
    EXPECT_LT(got->expires.value(), wall_clock::now() + std::chrono::minutes(65));
  }
}

TEST_F(RolesAnywhereSource, SaysThatTheClocksDiffer) {
  service_.set_refusal(403, "AccessDeniedException", "Signature expired: 1 is earlier than 2", 9);
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("unavailable: "), HasSubstr("The clocks of the service"),
                    Not(HasSubstr("trust anchor is enabled"))));
}

TEST_F(RolesAnywhereSource, EveryKindOfKeyIsVerified) {
  int given = 0;
  for (const char* kind : {"rsa", "P-256", "P-384"}) {
    sandbox::leaf_options options;
    options.rsa = std::string(kind) == "rsa";
    if (!options.rsa) options.curve = kind;
    install(authority_.issue(options));
    const auto from = source();
    EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX" + std::to_string(++given)) << kind;
  }
  EXPECT_EQ(asked_region_, "eu-central-1");
  EXPECT_EQ(service_.bad_signatures, 0);
}

TEST_F(RolesAnywhereSource, WhatComesBackExpiresAndSaysWhereFrom) {
  how_.session.duration_seconds = 1800;
  how_.session.session_name = "plant-7";
  const auto from = source();
  const auto got = fetch(*from);
  ASSERT_TRUE(got) << words(got);
  EXPECT_EQ(got->session_token.reveal(), "sandbox-metadata-session-token");
  EXPECT_GT(got->expires.value(), wall_clock::now() + std::chrono::minutes(29));
  EXPECT_LT(got->expires.value(), wall_clock::now() + std::chrono::minutes(31));
  EXPECT_EQ(got->source,
            "IAM Roles Anywhere, profile plant (arn:aws:iam::123456789012:role/plant/worker)");
  EXPECT_EQ(from->describe(), got->source);
  EXPECT_THAT(service_.last_request().body, HasSubstr(R"("roleSessionName":"plant-7")"));
}

TEST_F(RolesAnywhereSource, IntermediatesAreSentFromEitherFile) {
  const auto issued = authority_.intermediate("upper").intermediate("lower").issue();
  install(issued);
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("AccessDeniedException"),
                    HasSubstr("Untrusted certificate"), HasSubstr("intermediates included")));
  EXPECT_EQ(service_.untrusted, 1);
  put(how_.certificate_file, issued.chain);
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX1");
  install(issued);
  how_.chain_file = folder_ / "chain.pem";
  put(how_.chain_file, issued.chain.substr(issued.certificate.size()));
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX2");
}

TEST_F(RolesAnywhereSource, ARenewedCertificateIsTakenUp) {
  const auto from = source();
  EXPECT_FALSE(from->changed());
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX1");
  const auto first = std::string(service_.last_request().header("X-Amz-X509"));
  EXPECT_FALSE(from->changed());
  install(authority_.issue());
  EXPECT_TRUE(from->changed());
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX2");
  EXPECT_NE(service_.last_request().header("X-Amz-X509"), first);
  EXPECT_FALSE(from->changed());
  // Half of a renewal: the next fetch finds both.
  put(how_.certificate_file, authority_.issue().certificate);
  EXPECT_THAT(words(fetch(*from)),
              AllOf(StartsWith("rejected: "), HasSubstr("not that of the certificate")));
  std::filesystem::remove(how_.certificate_file);
  EXPECT_FALSE(from->changed());
  EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("unavailable: "), HasSubstr("worker.pem")));
}

boost::asio::awaitable<result<secret_string>> give(std::string text) {
  if (text.empty()) co_return bad_input("there is no secret PLANT_KEY");
  co_return secret_string::take(text);
}

TEST_F(RolesAnywhereSource, KeyAndPassphraseMayBeSecrets) {
  sandbox::leaf_options options;
  options.passphrase = "open sesame";
  const auto issued = authority_.issue(options);
  install(issued);
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("rejected: "), HasSubstr("passphrase")));
  how_.passphrase.file = folder_ / "passphrase";
  put(how_.passphrase.file, "open sesame\n");
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX1");
  how_.passphrase = {"", [](deadline) { return give("open sesame"); }};
  how_.private_key = {"", [key = issued.key](deadline) { return give(key); }};
  EXPECT_EQ(words(fetch(*source())), "ok ASIASANDBOX2");
  how_.passphrase.ask = [](deadline) { return give("shut sesame"); };
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("rejected: "), Not(HasSubstr("sesame"))));
  how_.private_key.ask = [](deadline) { return give(""); };
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("unavailable: "), HasSubstr("PLANT_KEY")));
}

TEST_F(RolesAnywhereSource, ACertificateOutOfItsTimeIsSaidBeforeItIsSent) {
  sandbox::leaf_options options;
  options.valid_to = std::chrono::seconds(-60);
  install(authority_.issue(options));
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("expired at 20"), HasSubstr("worker.pem")));
  options.valid_from = std::chrono::hours(1);
  options.valid_to = std::chrono::hours(2);
  install(authority_.issue(options));
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("rejected: "), HasSubstr("clock")));
  EXPECT_EQ(service_.requests, 0);
}

TEST_F(RolesAnywhereSource, WhatTheServiceRefusesIsNotTriedAgain) {
  how_.session.role_arn = "arn:aws:iam::123456789012:role/other";
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("AccessDeniedException"),
                    HasSubstr("Unable to assume role"), HasSubstr("rolesanywhere.amazonaws.com")));
  how_.session.role_arn = service_.options().role_arn;
  how_.session.profile_arn += "0";
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("ResourceNotFoundException")));
  EXPECT_EQ(service_.requests, 2);
  how_.session.profile_arn = "";
  EXPECT_THAT(words(fetch(*source())), AllOf(StartsWith("rejected: "), HasSubstr("profile")));
  EXPECT_EQ(service_.requests, 2);
  EXPECT_EQ(service_.bad_signatures, 0);
}

TEST_F(RolesAnywhereSource, ASelfSignedCertificateIsUntrusted) {
  install(sandbox::certificate_authority("somebody else").issue());
  EXPECT_THAT(words(fetch(*source())),
              AllOf(StartsWith("rejected: "), HasSubstr("Untrusted certificate")));
  EXPECT_EQ(service_.untrusted, 1);
  EXPECT_EQ(service_.bad_signatures, 0);
}

TEST_F(RolesAnywhereSource, WhatPassesIsTriedAgainAndNoMoreThanThrice) {
  const auto from = source();
  service_.set_refusal(500, "InternalServerException", "oops", 2);
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX1");
  EXPECT_EQ(service_.requests, 3);
  service_.set_refusal(429, "ThrottlingException", "Rate exceeded");
  EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("unavailable: "), HasSubstr("Rate exceeded")));
  EXPECT_EQ(service_.requests, 6);
}

TEST_F(RolesAnywhereSource, FaultsOfTheWireAreAwayWithoutASecret) {
  how_.attempts = 1;
  const auto from = source();
  for (const auto fault :
       {metadata_fault::close, metadata_fault::garbage, metadata_fault::huge,
        metadata_fault::not_json, metadata_fault::wrong_json, metadata_fault::deep_json}) {
    service_.set_fault(fault);
    EXPECT_THAT(words(fetch(*from)), AllOf(StartsWith("unavailable: IAM Roles Anywhere"),
                                           Not(HasSubstr("sandbox/metadata/secret"))));
  }
  service_.set_fault(metadata_fault::hang);
  const auto place = start(*from, std::chrono::milliseconds(50));
  ASSERT_TRUE(run_until([&] { return place->has_value(); }));
  EXPECT_THAT(words(**place), StartsWith("unavailable: "));
}

TEST_F(RolesAnywhereSource, TheStandInRefusesWhatIsChangedOnTheWay) {
  // The verifier would be worth nothing if it took anything.
  const auto from = source();
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX1");
  wall_ahead_ = std::chrono::hours(1);
  // Dated an hour off it is refused, and sent once more by the service's clock.
  EXPECT_EQ(words(fetch(*from)), "ok ASIASANDBOX2");
  EXPECT_EQ(service_.bad_signatures, 1);
}

}  // namespace
}  // namespace connector::aws
