// What docker/ sets is what the worker knows.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "worker/config/load.h"
#include "worker/config/settings_table.h"

namespace worker {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

using variables = std::map<std::string, std::string>;

// Lines "NAME: value" that are indented by two, after the line `below` and up to a line that is
// not. Comments and quotes are taken off.
variables variables_of(const std::string& path, std::string_view below) {
  std::istringstream lines(text_of(path));
  variables out;
  bool in = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == below) {
      in = true;
      continue;
    }
    const auto colon = line.find(": ");
    if (!in || !line.starts_with("  ") || line.starts_with("   ") || colon == std::string::npos) {
      in = false;
      continue;
    }
    auto value = line.substr(colon + 2, line.find(" # ") - colon - 2);
    if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
    out[line.substr(2, colon - 2)] = value;
  }
  return out;
}

void expect_settings(const variables& given) {
  std::set<std::string, std::less<>> known;
  for (const auto& spec : config::settings_table()) {
    for (const auto name : config::variables_of(spec)) known.emplace(name);
  }
  for (const auto& [name, value] : given) EXPECT_TRUE(known.contains(name)) << name;
  config::sources from;
  from.environment = given;
  // The folder of secrets is in the container only.
  from.environment.erase("SECRETS_DIR");
  const auto loaded = config::load(from);
  for (const auto& each : loaded.issues) ADD_FAILURE() << describe(each);
  for (const auto& each : loaded.warnings) ADD_FAILURE() << each;
}

// The variables of the service `worker`: lines "      NAME: value" below its "    environment:".
variables worker_environment() {
  std::istringstream lines(text_of(LC_DOCKER "/compose.yaml"));
  variables out;
  bool in_worker = false;
  bool in_environment = false;
  for (std::string line; std::getline(lines, line);) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == std::string::npos || line[indent] == '#') continue;
    if (indent == 2) in_worker = line == "  worker:";
    if (indent <= 4) in_environment = in_worker && line == "    environment:";
    if (!in_environment || indent != 6) continue;
    const auto colon = line.find(": ");
    auto value = line.substr(colon + 2);
    if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
    out[line.substr(6, colon - 6)] = value;
  }
  return out;
}

TEST(Compose, EveryVariableOfTheWorkerIsASetting) {
  const auto given = worker_environment();
  ASSERT_GE(given.size(), 6U);
  expect_settings(given);
}

TEST(Kubernetes, EveryVariableOfTheManifestIsASetting) {
  const auto given = variables_of(LC_DOCKER "/kubernetes/lambda-connector.yaml", "data:");
  ASSERT_GE(given.size(), 6U);
  expect_settings(given);
}

TEST(Kubernetes, TheGraceTimeIsTheDrainTimeAndTenSeconds) {
  const auto text = text_of(LC_DOCKER "/kubernetes/lambda-connector.yaml");
  const std::string name = "terminationGracePeriodSeconds: ";
  const auto at = text.find(name);
  ASSERT_NE(at, std::string::npos);
  config::sources from;
  from.environment = variables_of(LC_DOCKER "/kubernetes/lambda-connector.yaml", "data:");
  from.environment.erase("SECRETS_DIR");
  EXPECT_EQ(std::chrono::seconds(std::stoi(text.substr(at + name.size()))),
            config::load(from).values.jobs.drain_time + std::chrono::seconds(10));
}

TEST(Helm, EveryVariableOfTheValuesIsASetting) {
  const auto given = variables_of(LC_DOCKER "/helm/lambda-connector/values.yaml", "settings:");
  ASSERT_GE(given.size(), 4U);
  expect_settings(given);
}

// The largest drain time that the pages and the chart name.
TEST(Docker, TheWorkerTakesTheDrainTimesThatThePagesName) {
  for (const auto* page : {"/kubernetes/README.md", "/debian/README.md"}) {
    EXPECT_NE(text_of(std::string(LC_DOCKER) + page).find("31m"), std::string::npos) << page;
  }
  const auto schema = text_of(LC_DOCKER "/helm/lambda-connector/values.schema.json");
  const std::string name = "\"maximum\": ";
  const auto at = schema.find(name, schema.find("\"drainSeconds\""));
  ASSERT_NE(at, std::string::npos);
  const auto most = std::to_string(std::stoi(schema.substr(at + name.size()))) + "s";
  for (const auto& time : {std::string("31m"), most}) {
    config::sources from;
    from.environment["LAMBDA_CONNECTOR_DRAIN_TIME"] = time;
    const auto loaded = config::load(from);
    EXPECT_TRUE(loaded.issues.empty()) << time;
    EXPECT_EQ(loaded.values.jobs.drain_time, std::chrono::minutes(31));
  }
}

TEST(Compose, TheGatewayIsTheServiceBesideIt) {
  config::sources from;
  from.environment = worker_environment();
  const auto loaded = config::load(from);
  EXPECT_EQ(loaded.values.gateway.address, "http://engine:26500");
  EXPECT_FALSE(loaded.values.gateway.tls);
}

TEST(Compose, TheGraceTimeIsLongerThanTheDrainTime) {
  const auto text = text_of(LC_DOCKER "/compose.yaml");
  const std::string name = "stop_grace_period: ";
  const auto at = text.find(name);
  ASSERT_NE(at, std::string::npos);
  config::sources from;
  from.environment = worker_environment();
  const auto loaded = config::load(from);
  EXPECT_GT(std::chrono::seconds(std::stoi(text.substr(at + name.size()))),
            loaded.values.jobs.drain_time);
}

TEST(Dockerfile, ShipsFromScratchForAUserOfItsOwn) {
  const auto text = text_of(LC_DOCKER "/Dockerfile");
  for (const auto* part : {"FROM scratch", "USER 65532:65532", "HEALTHCHECK", "\"healthcheck\"]",
                           "ENTRYPOINT [\"/usr/bin/lambda-connector\"]"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace worker
