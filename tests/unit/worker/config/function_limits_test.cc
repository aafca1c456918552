#include "worker/config/function_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/worker/config/loading.h"
#include "worker/config/settings_listing.h"

namespace worker::config {
namespace {

using connector::call_bounds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FunctionLimits : public tests::loading {
 protected:
  void set_limits(const std::string& text) { set("LAMBDA_CONNECTOR_FUNCTION_LIMITS", text); }
  void set_file(const std::string& yaml) {
    set("LAMBDA_CONNECTOR_CONFIG", "worker.yaml");
    files_["worker.yaml"] = yaml;
  }
};

TEST_F(FunctionLimits, AreEntriesOfAPatternAndItsBounds) {
  set_limits(
      "orders-*=atOnce 5, perSecond 10; billing = perSecond 0.25 ;legacy=paused;"
      "arn:aws:lambda:*:111111111111:function:x=paused,atOnce 1;"
      "https://abc.lambda-url.eu-central-1.on.aws=atOnce 2");
  const auto limits = good().limits;
  ASSERT_EQ(limits.size(), 5U);
  EXPECT_EQ(limits[0].pattern(), "orders-*");
  EXPECT_EQ(limits[0].bounds(), (call_bounds{5, 10.0, false}));
  EXPECT_EQ(limits[1].pattern(), "billing");
  EXPECT_EQ(limits[1].bounds(), (call_bounds{std::nullopt, 0.25, false}));
  EXPECT_EQ(limits[2].bounds(), (call_bounds{std::nullopt, std::nullopt, true}));
  EXPECT_EQ(limits[3].bounds(), (call_bounds{1, std::nullopt, true}));
  EXPECT_EQ(limits[4].pattern(), "https://abc.lambda-url.eu-central-1.on.aws");
}

TEST_F(FunctionLimits, StandInTheFileAsAMappingInItsOrder) {
  set_file(
      "limits:\n  functions:\n    z-first: atOnce 2\n    \"*\": perSecond 5, atOnce 10\n"
      "    a-last: paused\n");
  const auto values = good();
  ASSERT_EQ(values.limits.size(), 3U);
  EXPECT_EQ(values.limits[0].pattern(), "z-first");
  EXPECT_EQ(values.limits[1].pattern(), "*");
  EXPECT_EQ(values.limits[2].pattern(), "a-last");
  EXPECT_THAT(text_of(values),
              HasSubstr("limits.functions = z-first=atOnce 2; *=perSecond 5, atOnce 10; "
                        "a-last=paused  (worker.yaml:2)\n"));
}

TEST_F(FunctionLimits, AreShownWhileValuesOfDefaultHeadersAreNot) {
  set_limits("orders=atOnce 2");
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "resultVariable=hush");
  const auto text = text_of(good());
  EXPECT_THAT(text, HasSubstr("limits.functions = orders=atOnce 2  (LAMBDA_CONNECTOR_"));
  EXPECT_THAT(text, Not(HasSubstr("hush")));
}

TEST_F(FunctionLimits, AreNoneByDefaultAndWithAnEmptyList) {
  EXPECT_TRUE(good().limits.empty());
  set_limits("[]");
  EXPECT_TRUE(good().limits.empty());
}

TEST_F(FunctionLimits, RefuseWhatIsNoBound) {
  for (const auto* wrong :
       {"orders", "orders=", "orders=5", "orders=atOnce", "orders=atOnce 0", "orders=atOnce 10001",
        "orders=atOnce 1.5", "orders=perSecond 0", "orders=perSecond 0.0001",
        "orders=perSecond 10001", "orders=perSecond -1", "orders=perSecond 1e3",
        "orders=perSecond .5.", "orders=atOnce 1, atOnce 2", "orders=paused,paused", "orders=pause",
        "orders=atOnce 5 perSecond 1", "orders=atOnce 5,"}) {
    set_limits(wrong);
    EXPECT_THAT(issues(), ElementsAre(HasSubstr("It must be pattern=bounds entries"))) << wrong;
  }
}

TEST_F(FunctionLimits, RefusePatternsThatMakeNoSenseAndStandTwice) {
  set_limits("orders/x=paused");
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("orders/x")));
  set_limits("orders=paused; orders=atOnce 5");
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("'orders' stands twice")));
}

TEST_F(FunctionLimits, ALimitBehindAWiderOneIsAWarning) {
  set_limits("*=atOnce 10; orders=atOnce 2; https://abc.on.aws=paused");
  EXPECT_THAT(load(from_).warnings, ElementsAre(HasSubstr("'orders' never counts, because '*'")));
  set_limits("orders=atOnce 2; *=atOnce 10");
  EXPECT_THAT(load(from_).warnings, IsEmpty());
}

}  // namespace
}  // namespace worker::config
