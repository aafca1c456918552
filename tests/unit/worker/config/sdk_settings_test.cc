// Settings of the AWS SDKs: which count, which are accepted in silence, which are warned about.
#include "worker/config/sdk_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/worker/config/loading.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SdkSettings : public tests::loading {
 protected:
  std::vector<std::string> warnings() { return load(from_).warnings; }
};

struct value_row {
  std::string variable;
  std::string value;
  std::string warning;  // holds this; empty: there is none
};

TEST_F(SdkSettings, AreWarnedAboutWhenTheyWouldChangeAResult) {
  const value_row rows[] = {
      {"AWS_RETRY_MODE", "standard", ""},
      {"AWS_RETRY_MODE", "Adaptive", ""},
      {"AWS_RETRY_MODE", "legacy", "AWS_RETRY_MODE is a setting of the AWS SDKs"},
      {"AWS_RETRY_MODE", "never", "AWS_RETRY_MODE is a setting of the AWS SDKs"},
      {"AWS_AUTH_SCHEME_PREFERENCE", "sigv4", ""},
      {"AWS_AUTH_SCHEME_PREFERENCE", "sigv4, sigv4a", ""},
      {"AWS_AUTH_SCHEME_PREFERENCE", "sigv4a,sigv4", "signs with SigV4"},
      {"AWS_SIGV4A_SIGNING_REGION_SET", "*", "signs for the region of each call"},
      {"AWS_IMDS_USE_IPV6", "false", ""},
      {"AWS_IMDS_USE_IPV6", "True", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6"},
      {"AWS_DEFAULT_PROFILE", "dev", "set AWS_PROFILE"},
      {"AWS_CREDENTIAL_EXPIRATION", "2026-12-01T00:00:00Z", "until they are refused"},
      {"AWS_CREDENTIAL_FILE", "/x", "set AWS_SHARED_CREDENTIALS_FILE"},
      {"AWS_LOGIN_CACHE_DIRECTORY", "/x", "no console login"},
  };
  for (const auto& row : rows) {
    from_.environment = {{row.variable, row.value}};
    if (row.warning.empty()) {
      EXPECT_THAT(warnings(), IsEmpty()) << row.variable << "=" << row.value;
    } else {
      EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr(row.variable), HasSubstr(row.warning))))
          << row.variable << "=" << row.value;
    }
  }
}

TEST_F(SdkSettings, ThatMeanNothingHereAreAcceptedInSilenceWhateverTheirValue) {
  int silent = 0;
  for (const auto& each : sdk_settings()) {
    if (each.changes != nullptr) continue;
    ++silent;
    for (const auto* value : {"true", "x", "123456789012"}) {
      from_.environment = {{std::string(each.variable), value}};
      EXPECT_THAT(warnings(), IsEmpty()) << each.variable;
    }
  }
  EXPECT_GT(silent, 15);
}

TEST_F(SdkSettings, AreNoSettingsOfTheWorkerAndStandOnce) {
  std::set<std::string_view> names;
  for (const auto& spec : settings_table()) {
    for (const auto name : variables_of(spec)) names.insert(name);
  }
  for (const auto& each : sdk_settings()) {
    EXPECT_TRUE(names.insert(each.variable).second) << each.variable;
    EXPECT_EQ(each.changes == nullptr, each.instead.empty()) << each.variable;
    EXPECT_EQ(find_sdk_setting(each.variable), &each);
  }
}

TEST_F(SdkSettings, AttemptsAreABoundAndMoreThanTheWorkerMakesIsAWarning) {
  set("AWS_MAX_ATTEMPTS", "2");
  EXPECT_EQ(good().aws.max_attempts, 2);
  EXPECT_THAT(warnings(), IsEmpty());
  set("AWS_MAX_ATTEMPTS", "10");
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("AWS_MAX_ATTEMPTS is 10, and the worker sends a "
                                                "request at most 4 times")));
  for (const auto* wrong : {"0", "-1", "many", "1001"}) {
    set("AWS_MAX_ATTEMPTS", wrong);
    EXPECT_THAT(issues(), ElementsAre(HasSubstr("AWS_MAX_ATTEMPTS (aws.maxAttempts)"))) << wrong;
  }
}

TEST_F(SdkSettings, AnApplicationIdIsATokenOfFiftyCharacters) {
  EXPECT_EQ(sent_app_id("uksb-1#shop_v1.0"), "uksb-1#shop_v1.0");
  EXPECT_EQ(sent_app_id("AwsSolution/SO0001/v1.0"), "AwsSolution-SO0001-v1.0");
  EXPECT_EQ(sent_app_id("a b\r\nX-Header: 1\xc3\xa4"), "a-b--X-Header--1--");
  EXPECT_EQ(sent_app_id(std::string(51, 'x')), std::string(50, 'x'));
  set("AWS_SDK_UA_APP_ID", "shop");
  EXPECT_THAT(warnings(), IsEmpty());
  set("AWS_SDK_UA_APP_ID", "my shop");
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("AWS_SDK_UA_APP_ID is sent as 'my-shop'")));
  set("AWS_SDK_UA_APP_ID", std::string(51, 'x'));
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("at most 50")));
}

}  // namespace
}  // namespace worker::config
