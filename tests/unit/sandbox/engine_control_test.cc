// The embedded engine as the child of a parent that runs the processes, through a pair of pipes.
#include <unistd.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include "tests/sandbox/control/control.h"
#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::control {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
namespace gw = gateway_protocol;

constexpr std::int64_t partition_one = std::int64_t{1} << 51;
constexpr std::int64_t job_key = partition_one + 7001;

// Plays the parent. The engine runs on a thread of its own until this is destroyed.
class parent_side {
 public:
  explicit parent_side(const std::string& events_file = "") {
    EXPECT_EQ(::pipe(to_.data()), 0);
    EXPECT_EQ(::pipe(from_.data()), 0);
    thread_ = std::thread([this, events_file] {
      engine::options o;
      o.expiry_interval = 20ms;
      control(to_[0], from_[1], events_file).run(o);
      ::close(from_[1]);
    });
    say(R"({"do":"start"})");
    const auto port = hear().at("ready").at("port").to_number<int>();
    client_.emplace("127.0.0.1:" + std::to_string(port));
  }
  ~parent_side() {
    ::close(to_[1]);
    thread_.join();
    ::close(to_[0]);
    ::close(from_[0]);
  }

  engine::client& client() { return *client_; }
  void say(std::string line) const {
    line += '\n';
    ASSERT_EQ(::write(to_[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
  }
  object hear() {
    while (rest_.find('\n') == std::string::npos) {
      std::array<char, 4096> block{};
      const auto got = ::read(from_[0], block.data(), block.size());
      if (got <= 0) throw std::runtime_error("the engine has ended");
      rest_.append(block.data(), static_cast<std::size_t>(got));
    }
    const auto end = rest_.find('\n');
    auto line = boost::json::parse(rest_.substr(0, end)).as_object();
    rest_.erase(0, end + 1);
    return line;
  }
  // The next event, which must be that one of that job.
  object hear_event(const char* name, std::int64_t job = job_key) {
    object line = hear();
    EXPECT_EQ(line["event"], name) << boost::json::serialize(line);
    EXPECT_EQ(line["job"], job);
    return line;
  }
  void create(const std::string& more = "") const {
    say(R"({"do":"create","type":"lambdaConnector.INVOKE","job":)" + std::to_string(job_key) +
        R"(,"element":2251799813692000,"processInstance":2251799813692001,"definition":5,)"
        R"("version":3,"retries":2,"variables":"{\"a\":1}","process":"{\"a\":0,\"b\":2}",)"
        R"("bpmnProcessId":"p","elementId":"e","headers":"{\"h\":\"x\"}")" +
        more + "}");
  }

 private:
  std::array<int, 2> to_{};
  std::array<int, 2> from_{};
  std::string rest_;
  std::thread thread_;
  std::optional<engine::client> client_;
};

gw::ActivatedJob take(engine::client& c) {
  auto request = engine::client::poll_request(1, 10s);
  const auto got = c.poll(request);
  EXPECT_EQ(got.jobs.size(), 1U) << got.status.error_message();
  return got.jobs.empty() ? gw::ActivatedJob() : got.jobs[0];
}

TEST(EngineControl, AJobCarriesTheKeysAndVariablesOfItsParent) {
  parent_side parent;
  parent.create();
  const auto job = take(parent.client());
  EXPECT_EQ(job.key(), job_key);
  EXPECT_EQ(job.elementinstancekey(), 2251799813692000);
  EXPECT_EQ(job.processinstancekey(), 2251799813692001);
  EXPECT_EQ(job.processdefinitionkey(), 5);
  EXPECT_EQ(job.processdefinitionversion(), 3);
  EXPECT_EQ(job.variables(), R"({"b":2,"a":1})");
  EXPECT_EQ(job.customheaders(), R"({"h":"x"})");
  EXPECT_EQ(job.retries(), 2);
}

TEST(EngineControl, EveryCommandThatTouchedAJobIsToldInOrder) {
  parent_side parent;
  auto& c = parent.client();
  parent.create();
  take(c);
  EXPECT_TRUE(c.extend(job_key, 50s).ok());
  EXPECT_TRUE(c.fail(job_key, 1, 10ms, "no stock", R"({"x":1})").ok());
  auto line = parent.hear_event("activated");
  EXPECT_EQ(line["worker"], "tester");
  EXPECT_GT(line["until"].to_number<std::int64_t>(), line["at"].to_number<std::int64_t>());
  parent.hear_event("timeoutUpdated");
  line = parent.hear_event("failed");
  EXPECT_EQ(line["retries"], 1);
  EXPECT_EQ(line["message"], "no stock");
  EXPECT_EQ(line["variables"], R"({"x":1})");
  EXPECT_EQ(line["backOff"], 10);
  parent.hear_event("backoffOver");
  EXPECT_TRUE(c.fail(job_key, 0, 0ms, "gone").ok());
  parent.hear_event("failed");
  line = parent.hear_event("incident");
  EXPECT_EQ(line["type"], "JOB_NO_RETRIES");
  EXPECT_TRUE(c.set_retries(job_key, 1).ok());
  EXPECT_TRUE(c.resolve(line["incident"].to_number<std::int64_t>()).ok());
  parent.hear_event("retriesUpdated");
  parent.hear_event("resolved");
  EXPECT_TRUE(c.complete(job_key, R"({"payload":1.10})").ok());
  EXPECT_EQ(parent.hear_event("completed")["variables"], R"({"payload":1.10})");
}

TEST(EngineControl, AnEventIsInTheFileOnceItsCommandIsAnswered) {
  const std::string file =
      testing::TempDir() + "engine_control_events_" + std::to_string(::getpid());
  {
    parent_side parent(file);
    parent.create();
    take(parent.client());
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(parent.client().extend(job_key, 50s).ok());
      std::ifstream in(file);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      // The activation, and each extension so far: a line of its own.
      EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), i + 2);
      EXPECT_NE(text.find("timeoutUpdated"), std::string::npos);
    }
  }
  std::remove(file.c_str());
}

TEST(EngineControl, ALeaseThatRunsOutAndAJobThatIsCancelledAreTold) {
  parent_side parent;
  parent.create();
  take(parent.client());
  parent.say(R"({"do":"clock","by":60000})");
  parent.say(R"({"do":"cancel","job":)" + std::to_string(job_key) + "}");
  parent.hear_event("activated");
  parent.hear_event("timedOut");
  parent.hear_event("cancelled");
  EXPECT_EQ(parent.client().complete(job_key).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(EngineControl, CodesThatAnEventCatchesDecideOverAThrownError) {
  parent_side parent;
  parent.create(R"(,"caught":["NoStock"])");
  EXPECT_TRUE(parent.client().throw_error(job_key, "NoStock", "sold out", R"({"x":1})").ok());
  auto line = parent.hear_event("errorThrown");
  EXPECT_EQ(line["code"], "NoStock");
  EXPECT_EQ(line["variables"], R"({"x":1})");
  EXPECT_EQ(parent.client().complete(job_key).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(EngineControl, AJobIsRestoredAsItWasHeld) {
  parent_side parent;
  parent.create(R"(,"state":{"is":"activated","until":99999999999999,"worker":"w"})");
  EXPECT_TRUE(parent.client().poll(1).jobs.empty());
  EXPECT_TRUE(parent.client().extend(job_key, 50s).ok());
  parent.hear_event("timeoutUpdated");
  EXPECT_TRUE(parent.client().complete(job_key).ok());
  parent.hear_event("completed");
}

TEST(EngineControl, AJobIsRestoredWithItsIncident) {
  parent_side parent;
  const std::int64_t incident = partition_one + (std::int64_t{1} << 50) + 9;
  parent.create(R"(,"state":{"is":"incident","type":"JOB_NO_RETRIES","message":"m","incident":)" +
                std::to_string(incident) + "}");
  EXPECT_TRUE(parent.client().poll(1).jobs.empty());
  EXPECT_TRUE(parent.client().resolve(incident).ok());
  parent.hear_event("resolved");
  EXPECT_EQ(take(parent.client()).key(), job_key);
}

TEST(EngineControl, VariablesThatTheParentReplacesAreThoseOfTheNextActivation) {
  parent_side parent;
  parent.create();
  parent.say(R"({"do":"variables","job":)" + std::to_string(job_key) +
             R"(,"variables":"{\"c\":3}","process":"{}"})");
  parent.say(R"({"do":"nothing"})");
  EXPECT_EQ(parent.hear()["wrong"], "no command 'nothing'");
  EXPECT_EQ(take(parent.client()).variables(), R"({"c":3})");
}

TEST(EngineControl, WhatIsNoMatterOfAJobIsAnsweredByTheParent) {
  parent_side parent;
  auto answered = std::async(std::launch::async, [&] {
    gw::DeployResourceRequest request;
    request.add_resources()->set_name("a.bpmn");
    gw::DeployResourceResponse response;
    engine::call_context context;
    EXPECT_TRUE(parent.client().stub().DeployResource(&context, request, &response).ok());
    return response.key();
  });
  object line = parent.hear();
  EXPECT_EQ(line["rpc"], "DeployResource");
  EXPECT_EQ(line["request"].at("resources").at(0).at("name"), "a.bpmn");
  parent.say(R"({"do":"answer","response":{"key":"77"},"call":)" +
             std::to_string(line["call"].to_number<int>()) + "}");
  EXPECT_EQ(answered.get(), 77);
}

TEST(EngineControl, AParentCanRefuse) {
  parent_side parent;
  auto answered = std::async(std::launch::async, [&] { return parent.client().resolve(job_key); });
  object line = parent.hear();
  EXPECT_EQ(line["rpc"], "ResolveIncident");
  parent.say(R"({"do":"answer","status":5,"message":"no such incident","call":)" +
             std::to_string(line["call"].to_number<int>()) + "}");
  const auto status = answered.get();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no such incident");
}

TEST(EngineControl, VariablesThatAGatewayRefusesNeverReachTheParent) {
  parent_side parent;
  EXPECT_EQ(parent.client().set_variables(job_key, "{bad", true).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  const std::string name(50001, 'k');
  const auto status = parent.client().set_variables(job_key, "{\"" + name + "\":1}", true);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(status.error_message(), "Failed to convert JSON to MessagePack");
  parent.say(R"({"do":"x"})");
  EXPECT_EQ(parent.hear()["wrong"], "no command 'x'");
}

TEST(EngineControl, AClientThatLeavesIsTold) {
  parent_side parent;
  gw::PublishMessageRequest request;
  gw::PublishMessageResponse response;
  engine::call_context context(100ms);
  EXPECT_EQ(parent.client().stub().PublishMessage(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  const auto call = parent.hear()["call"];
  EXPECT_EQ(parent.hear()["gone"], call);
}

TEST(EngineControl, AStoppedGatewayKeepsItsJobsAndOpensAtTheSamePort) {
  parent_side parent;
  parent.create();
  parent.say(R"({"do":"stop"})");
  parent.say(R"({"do":"start"})");
  EXPECT_TRUE(parent.hear().contains("ready"));
  EXPECT_TRUE(parent.client().reaches());
  EXPECT_EQ(take(parent.client()).key(), job_key);
}

}  // namespace
}  // namespace sandbox::control
