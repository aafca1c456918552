// The steps of a CreateSession request, and what its answers mean.
#include "connector/aws/credentials/roles_anywhere/roles_anywhere_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "connector/aws/credentials/roles_anywhere/roles_anywhere_answer.h"
#include "connector/base/timestamp.h"
#include "tests/sandbox/lambda/certificates.h"

namespace connector::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

roles_anywhere_session good() {
  return {"arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/a",
          "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/p",
          "arn:aws:iam::123456789012:role/plant/worker", "", 0};
}

TEST(RolesAnywhereRequest, EncodesTheArnsIntoTheQuery) {
  EXPECT_EQ(session_target(good(), ""),
            "/sessions?profileArn=arn%3Aaws%3Arolesanywhere%3Aeu-central-1%3A123456789012%3Aprofile"
            "%2Fp&roleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fplant%2Fworker&trustAnchorArn="
            "arn%3Aaws%3Arolesanywhere%3Aeu-central-1%3A123456789012%3Atrust-anchor%2Fa");
  EXPECT_THAT(session_target(good(), "/base"), StartsWith("/base/sessions?profileArn="));
}

TEST(RolesAnywhereRequest, WritesTheBody) {
  auto changed = good();
  EXPECT_EQ(session_body(changed), R"({"durationSeconds":3600})");
  changed.duration_seconds = 900;
  changed.session_name = "plant-7";
  EXPECT_EQ(session_body(changed), R"({"durationSeconds":900,"roleSessionName":"plant-7"})");
}

TEST(RolesAnywhereRequest, NamesTheAlgorithmInTheStringToSign) {
  EXPECT_EQ(x509_string_to_sign("AWS4-X509-RSA-SHA256", "20261121T020801Z",
                                "20261121/eu-central-1/rolesanywhere/aws4_request", ""),
            "AWS4-X509-RSA-SHA256\n20261121T020801Z\n"
            "20261121/eu-central-1/rolesanywhere/aws4_request\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(x509_authorization("AWS4-X509-ECDSA-SHA256", "123", "s/c/o/pe", "a;b", "00ff"),
            "AWS4-X509-ECDSA-SHA256 Credential=123/s/c/o/pe, SignedHeaders=a;b, Signature=00ff");
}

TEST(RolesAnywhereRequest, SignsAllThatTheServiceLooksAt) {
  const sandbox::certificate_authority root;
  const auto below = root.intermediate("below");
  const auto at = parse_timestamp("2026-11-21T02:08:01Z").value();
  endpoint where;
  where.to.host = "rolesanywhere.eu-central-1.amazonaws.com";
  for (const auto* from : {&root, &below}) {
    const auto issued = from->issue();
    const auto who = x509_identity::read({issued.chain, "", secret_string(issued.key), {}});
    ASSERT_TRUE(who);
    const auto made = create_session_request(good(), where, *who, at, "lambda-connector/1");
    EXPECT_EQ(made.method, "POST");
    EXPECT_EQ(made.to, where.to);
    EXPECT_EQ(http::find_header(made.fields, "X-Amz-Date"), "20261121T020801Z");
    EXPECT_EQ(http::find_header(made.fields, "X-Amz-X509"), who->certificate());
    EXPECT_EQ(http::find_header(made.fields, "Content-Type"), "application/json");
    const auto chain = http::find_header(made.fields, "X-Amz-X509-Chain");
    EXPECT_EQ(chain.value_or(""), who->chain());
    const std::string names = "content-type;host;x-amz-date;x-amz-x509";
    EXPECT_THAT(
        std::string(http::find_header(made.fields, "Authorization").value()),
        AllOf(StartsWith("AWS4-X509-ECDSA-SHA256 Credential=" + who->serial() +
                         "/20261121/eu-central-1/rolesanywhere/aws4_request, SignedHeaders=" +
                         (chain ? names + ";x-amz-x509-chain" : names) + ", Signature=30")));
  }
}

TEST(RolesAnywhereRequest, SaysWhatTheServiceWouldRefuse) {
  EXPECT_FALSE(find_error(good()));
  std::vector<std::pair<roles_anywhere_session, const char*>> rows;
  const auto row = [&rows](const char* words, auto change) {
    rows.emplace_back(good(), words);
    change(rows.back().first);
  };
  row("trust anchor", [](auto& s) { s.trust_anchor_arn = ""; });
  row("trust anchor", [](auto& s) { s.trust_anchor_arn = s.profile_arn; });
  row("trust anchor", [](auto& s) { s.trust_anchor_arn += "\r\nX: y"; });
  row("trust anchor", [](auto& s) {
    s.trust_anchor_arn = "arn:aws:rolesanywhere:evil.example/#:123456789012:trust-anchor/a";
  });
  row("profile", [](auto& s) { s.profile_arn = s.trust_anchor_arn; });
  row("role", [](auto& s) { s.role_arn = "worker"; });
  row("role", [](auto& s) { s.role_arn = "arn:aws:iam::12345:role/x"; });
  row("same region",
      [](auto& s) { s.profile_arn = "arn:aws:rolesanywhere:eu-west-1:123456789012:profile/p"; });
  row("duration", [](auto& s) { s.duration_seconds = 899; });
  row("duration", [](auto& s) { s.duration_seconds = 43'201; });
  row("session name", [](auto& s) { s.session_name = "a b"; });
  row("session name", [](auto& s) { s.session_name = "x"; });
  row("session name", [](auto& s) { s.session_name = std::string(65, 'x'); });
  for (const auto& [session, words] : rows) {
    EXPECT_THAT(find_error(session).value_or(""), HasSubstr(words));
  }
  auto china = good();
  china.trust_anchor_arn = "arn:aws-cn:rolesanywhere:cn-north-1:123456789012:trust-anchor/a";
  china.profile_arn = "arn:aws-cn:rolesanywhere:cn-north-1:123456789012:profile/p";
  china.role_arn = "arn:aws-cn:iam::123456789012:role/x";
  china.session_name = "a_b+c=d,e.f@g-h";
  EXPECT_FALSE(find_error(china));
  EXPECT_EQ(region_of_arn(china.profile_arn), "cn-north-1");
}

const std::string keys = R"({"accessKeyId":"ASIA1","secretAccessKey":"se/cret",)"
                         R"("sessionToken":"to=ken","expiration":"2026-11-21T02:08:01Z"})";

TEST(RolesAnywhereAnswer, GivesTheFirstCredentialSet) {
  const auto body = R"({"credentialSet":[{"assumedRoleUser":{"arn":"x"},"credentials":)" + keys +
                    R"(,"packedPolicySize":6}],"subjectArn":"s"})";
  for (const int status : {200, 201}) {
    const auto got = read_session_answer({status, {}, body}, "here");
    ASSERT_TRUE(got.result) << got.result.error().message;
    EXPECT_EQ(got.result->access_key_id, "ASIA1");
    EXPECT_EQ(got.result->secret_access_key.reveal(), "se/cret");
    EXPECT_EQ(got.result->session_token.reveal(), "to=ken");
    EXPECT_EQ(timestamp_text(got.result->expires.value()), "2026-11-21T02:08:01Z");
    EXPECT_EQ(got.result->source, "here");
  }
}

TEST(RolesAnywhereAnswer, IsAwayWhenItIsSomethingElse) {
  const auto set = [](const std::string& inner) {
    return R"({"credentialSet":[{"credentials":)" + inner + "}]}";
  };
  const auto without = [](const std::string& part, const std::string& by) {
    auto text = keys;
    return text.replace(text.find(part), part.size(), by);
  };
  for (const std::string& body :
       {std::string(), std::string("<html>se/cret</html>"), keys, std::string("{}"),
        std::string(R"({"credentialSet":[]})"), std::string(R"({"credentialSet":{}})"),
        std::string(R"({"credentialSet":["se/cret"]})"), set("null"), set("[]"), set("{}"),
        set(without("ASIA1", "AS\\r\\nX: 1")), set(without("to=ken", "")),
        set(without(R"("to=ken")", "7")), set(without("2026-11", "when")), set(keys) + "x",
        set(std::string(100, '[') + std::string(100, ']'))}) {
    const auto got = read_session_answer({201, {}, body}, "here");
    ASSERT_FALSE(got.result) << body;
    EXPECT_TRUE(got.again);
    EXPECT_EQ(got.result.error().reason, source_failure::kind::unavailable);
    EXPECT_THAT(got.result.error().message, AllOf(StartsWith("here: "), Not(HasSubstr("se/cret"))));
  }
}

TEST(RolesAnywhereAnswer, ErrorsSayNameMessageAndWhatToDo) {
  struct row {
    int status;
    const char* name;
    const char* message;
    source_failure::kind reason;
    const char* words;
  };
  using kind = source_failure::kind;
  for (const row& one :
       {row{403, "AccessDeniedException", "Untrusted certificate. Insufficient certificate",
            kind::rejected, "role trusts rolesanywhere.amazonaws.com"},
        row{403, "", "", kind::rejected, "trust anchor is enabled"},
        row{400, "ValidationException", "durationSeconds", kind::rejected, "session names"},
        row{404, "ResourceNotFoundException", "Trust anchor", kind::rejected, "and the region"},
        row{429, "ThrottlingException", "Rate exceeded", kind::unavailable, "Rate exceeded"},
        row{500, "InternalServerException", "oops", kind::unavailable, "oops"},
        row{503, "", "", kind::unavailable, "status 503"},
        row{302, "", "", kind::rejected, "302"}}) {
    http::response answer{one.status, {}, ""};
    if (*one.name != '\0') {
      answer.fields.emplace_back("x-amzn-ErrorType", std::string(one.name) + ":http://x/");
      answer.body = std::string(R"({"message":")") + one.message + R"(","Message":null})";
    }
    const auto got = read_session_answer(answer, "here");
    ASSERT_FALSE(got.result);
    EXPECT_EQ(got.result.error().reason, one.reason) << one.status;
    EXPECT_EQ(got.again, one.reason == kind::unavailable);
    EXPECT_THAT(got.result.error().message,
                AllOf(StartsWith("here: refused with status " + std::to_string(one.status)),
                      HasSubstr(one.name), HasSubstr(one.message), HasSubstr(one.words)));
    EXPECT_LT(got.result.error().message.size(), 900U);
  }
}

}  // namespace
}  // namespace connector::aws
