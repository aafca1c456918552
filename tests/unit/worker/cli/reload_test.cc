// What a changed file, flag or variable means for a running worker.
#include "worker/cli/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "worker/config/load.h"

namespace worker::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

config::settings loaded(std::map<std::string, std::string> environment, std::string file = "{}") {
  config::sources from;
  from.environment = std::move(environment);
  from.environment["LAMBDA_CONNECTOR_CONFIG"] = "worker.yaml";
  from.read_file = [file](const std::string&, std::size_t) {
    return connector::file_text{connector::file_text::state::read, file, {}};
  };
  auto loaded = config::load(from);
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  return std::move(loaded.values);
}

constexpr const char* rules =
    "guards:\n  rules:\n    - processes: [a]\n      allowedFunctions: [x]\n";
constexpr const char* profiles = "profiles:\n  p:\n    source: environment\n";

TEST(Reload, OfTheSameSettingsChangesNothing) {
  const std::string file = std::string(rules) + profiles;
  const auto moved = compare(loaded({}, file), loaded({}, "\n\n" + file));
  EXPECT_THAT(moved.at_once, IsEmpty());
  EXPECT_THAT(moved.by_restart, IsEmpty());
}

TEST(Reload, LogLevelGuardsAndProfilesCountAtOnce) {
  const auto changed =
      compare(loaded({{"LOG_LEVEL", "info"}}, rules),
              loaded({{"LOG_LEVEL", "debug"}, {"ALLOWED_FUNCTIONS", "[]"}}, profiles));
  EXPECT_THAT(changed.at_once, UnorderedElementsAre("log.level", "guards.allowedFunctions",
                                                    "guards.rules", "profiles"));
  EXPECT_THAT(changed.by_restart, IsEmpty());
}

TEST(Reload, LimitsOfFunctionsCountAtOnce) {
  const auto changed = compare(loaded({}, "limits:\n  functions:\n    orders: atOnce 2\n"),
                               loaded({}, "limits:\n  functions:\n    orders: paused\n"));
  EXPECT_THAT(changed.at_once, ElementsAre("limits.functions"));
  EXPECT_THAT(changed.by_restart, IsEmpty());
}

TEST(Reload, EverythingElseNeedsARestart) {
  const auto changed =
      compare(loaded({}),
              loaded({{"CAMUNDA_GRPC_ADDRESS", "http://zeebe:1"}, {"AWS_REGION", "eu-west-1"}}));
  EXPECT_THAT(changed.at_once, IsEmpty());
  EXPECT_THAT(changed.by_restart,
              ElementsAre("gateway.address", "aws.region", "aws (its variables)"));
}

// print-config shows none of these values.
TEST(Reload, ValuesThatAreNotShownAreComparedToo) {
  EXPECT_THAT(
      compare(loaded({{"grpc_proxy", "http://u:1@p"}}), loaded({{"grpc_proxy", "http://u:2@p"}}))
          .by_restart,
      ElementsAre("gateway.proxy"));
  const auto with_login = [](const char* secret) {
    return loaded({{"CAMUNDA_CLIENT_ID", "a"},
                   {"CAMUNDA_CLIENT_SECRET", secret},
                   {"CAMUNDA_AUTHORIZATION_SERVER_URL", "https://login.example/token"}});
  };
  EXPECT_THAT(compare(with_login("1"), with_login("2")).by_restart,
              ElementsAre("login.clientSecret"));
  EXPECT_THAT(compare(loaded({{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "onError=fail"}}),
                      loaded({{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "onError=complete"}}))
                  .by_restart,
              ElementsAre("jobs.defaultHeaders"));
  EXPECT_THAT(compare(loaded({{"SECRET_A", "1"}}), loaded({{"SECRET_A", "2"}})).by_restart,
              ElementsAre("secrets (variables and the files that they name)"));
  EXPECT_THAT(compare(loaded({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "1"}}),
                      loaded({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "2"}}))
                  .by_restart,
              ElementsAre("aws (its variables)"));
}

}  // namespace
}  // namespace worker::cli
