#include <thread>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

TEST(EngineActivation, DeliversEveryFieldOfTheJob) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = R"({"lambda":{"functionName":"f","payload":1.10}})";
  spec.headers = R"({"resultVariable":"r"})";
  spec.bpmn_process_id = "order";
  spec.element_id = "call";
  spec.retries = 5;
  const auto key = e.create(spec);
  const auto job = c.take();
  EXPECT_EQ(job.key(), key);
  EXPECT_EQ(job.type(), "lambdaConnector.INVOKE");
  EXPECT_EQ(job.bpmnprocessid(), "order");
  EXPECT_EQ(job.elementid(), "call");
  EXPECT_EQ(job.retries(), 5);
  EXPECT_EQ(job.worker(), "tester");
  EXPECT_EQ(job.tenantid(), "<default>");
  EXPECT_EQ(job.customheaders(), spec.headers);
  EXPECT_EQ(job.variables(), spec.variables);
  EXPECT_EQ(job.processinstancekey(), e.account(key)->process_instance_key);
  EXPECT_EQ(job.elementinstancekey(), e.account(key)->element_instance_key);
  EXPECT_EQ(milliseconds(job.deadline()), e.account(key)->lease_until);
}

TEST(EngineActivation, HeadersAreAnEmptyObjectWhenThereAreNone) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.headers = "";
  e.create(spec);
  EXPECT_EQ(c.take().customheaders(), "{}");
}

TEST(EngineActivation, MalformedHeadersAndVariablesGoOutAsTheyAre) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.headers = "{\"a\":";
  spec.variables = "[1";
  e.create(spec);
  const auto job = c.take();
  EXPECT_EQ(job.customheaders(), "{\"a\":");
  EXPECT_EQ(job.variables(), "[1");
}

TEST(EngineActivation, FetchesOnlyTheNamedVariablesByteForByte) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = R"({"n": 12345678901234567890 ,"u\u0062":1e400,"x":{"a":[1.10]},"y":"\u0000"})";
  e.create_many(spec, 2);
  auto r = client::poll_request(1);
  r.add_fetchvariable("n");
  r.add_fetchvariable("ub");
  r.add_fetchvariable("x");
  EXPECT_EQ(c.poll(r).jobs.at(0).variables(),
            R"({"n":12345678901234567890,"u\u0062":1e400,"x":{"a":[1.10]}})");
  auto none = client::poll_request(1);
  none.add_fetchvariable("nope");
  EXPECT_EQ(c.poll(none).jobs.at(0).variables(), "{}");
}

TEST(EngineActivation, LocalVariablesHideThoseOfTheProcess) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.process_variables = R"({"region":"eu","lambda":{"endpoint":"evil"}})";
  spec.variables = R"({"lambda":{"functionName":"f"}})";
  e.create(spec);
  EXPECT_EQ(c.take().variables(), R"({"region":"eu","lambda":{"functionName":"f"}})");
}

TEST(EngineActivation, GivesAtMostWhatWasAskedForInOrderOfCreation) {
  engine e(frozen());
  client c(e);
  const auto keys = e.create_many({}, 5);
  const auto first = c.poll(3);
  ASSERT_EQ(first.jobs.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(first.jobs[i].key(), keys[i]);
  EXPECT_EQ(c.poll(3).jobs.size(), 2U);
  EXPECT_EQ(c.poll(3).jobs.size(), 0U);
}

TEST(EngineActivation, AnswersOneMessagePerPartitionAndKeysCarryIt) {
  auto o = frozen();
  o.partitions = 3;
  engine e(o);
  client c(e);
  e.create_many({}, 6);
  const auto got = c.poll(10);
  ASSERT_EQ(got.messages.size(), 3U);
  std::vector<std::int64_t> partitions;
  for (const auto& message : got.messages) {
    ASSERT_EQ(message.jobs_size(), 2);
    EXPECT_EQ(message.jobs(0).key() >> 51, message.jobs(1).key() >> 51);
    partitions.push_back(message.jobs(0).key() >> 51);
  }
  std::sort(partitions.begin(), partitions.end());
  EXPECT_EQ(partitions, (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(EngineActivation, OtherTypesStayWhereTheyAre) {
  engine e(frozen());
  client c(e);
  job_spec other;
  other.type = "other";
  e.create(other);
  EXPECT_TRUE(c.poll(1).jobs.empty());
  auto r = client::poll_request(1);
  r.set_type("other");
  EXPECT_EQ(c.poll(r).jobs.size(), 1U);
}

TEST(EngineActivation, RefusesBlankTypeAndNoTimeoutButNotABlankWorker) {
  engine e(frozen());
  client c(e);
  auto r = client::poll_request();
  r.set_type(" ");
  EXPECT_EQ(c.poll(r).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  r = client::poll_request();
  r.set_timeout(0);
  EXPECT_EQ(c.poll(r).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  r = client::poll_request();
  r.set_worker("");
  EXPECT_TRUE(c.poll(r).status.ok());
}

TEST(EngineLongPoll, EndsOkAndEmptyWhenItsTimeIsOver) {
  engine e(frozen());
  client c(e);
  std::thread clock([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
    e.advance(29999ms);
    EXPECT_EQ(e.waiting_polls(), 1U);
    e.advance(30000ms);
  });
  const auto got = c.poll(1, 60000ms);
  clock.join();
  EXPECT_TRUE(got.status.ok());
  EXPECT_TRUE(got.messages.empty());
}

TEST(EngineLongPoll, EndsByItselfWithoutTheClockBeingMoved) {
  engine e(frozen());
  client c(e);
  const auto got = c.poll(1, 50ms);
  EXPECT_TRUE(got.status.ok());
  EXPECT_TRUE(got.messages.empty());
}

TEST(EngineLongPoll, ZeroIsTheGatewaysDefaultOfTenSeconds) {
  engine e(frozen());
  client c(e);
  std::thread clock([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
    e.advance(5000ms);
    EXPECT_EQ(e.waiting_polls(), 1U);
    e.advance(5000ms);
  });
  EXPECT_TRUE(c.poll(1, 0ms).status.ok());
  clock.join();
}

TEST(EngineLongPoll, IsWokenByAJob) {
  engine e(frozen());
  client c(e);
  std::thread creator([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
    e.create_many({}, 3);
  });
  EXPECT_EQ(c.poll(2, 60s).jobs.size(), 2U);
  creator.join();
}

TEST(EngineLongPoll, AsksForNoJobsAndGetsNoneAfterItsTime) {
  engine e(frozen());
  client c(e);
  e.create({});
  std::thread clock([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
    e.advance(60s);
  });
  const auto got = c.poll(0, 60s);
  clock.join();
  EXPECT_TRUE(got.status.ok());
  EXPECT_TRUE(got.jobs.empty());
}

TEST(EngineLongPoll, IsForgottenWhenItsClientCancels) {
  engine e(frozen());
  client c(e);
  call_context context;
  auto reader = c.stub().ActivateJobs(&context, client::poll_request(1, 60s));
  ASSERT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 0; }, patience));
  const auto key = e.create({});
  EXPECT_EQ(e.account(key)->state, job_state::activatable);
}

TEST(EngineLongPoll, GivesBackWhatItsClientDidNotTake) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = "{\"a\":\"" + std::string(std::size_t{3} << 20, 'x') + "\"}";
  e.create_many(spec, 3);
  call_context context;
  auto reader = c.stub().ActivateJobs(&context, client::poll_request(3));
  ASSERT_TRUE(e.wait_until([&] { return e.totals().activated_now == 3; }, patience));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(e.wait_until([&] { return e.totals().activated_now < 3; }, patience));
  EXPECT_GE(c.poll(3).jobs.size(), 1U);
  EXPECT_EQ(e.totals().expired, 0U);
}

TEST(EngineTls, ServesOnlyWhoTrustsItsCertificate) {
  const certificate_authority authority;
  const auto leaf = authority.issue();
  auto o = frozen();
  o.certificate_chain_pem = leaf.chain;
  o.private_key_pem = leaf.key;
  engine e(o);
  gw::TopologyResponse response;
  grpc::SslCredentialsOptions trusts;
  trusts.pem_root_certs = authority.root_pem();
  client known(e, grpc::SslCredentials(trusts));
  EXPECT_TRUE(known.topology(&response).ok());
  trusts.pem_root_certs = certificate_authority("other").root_pem();
  client stranger(e, grpc::SslCredentials(trusts));
  EXPECT_EQ(stranger.topology(&response).error_code(), grpc::StatusCode::UNAVAILABLE);
  client plain(e);
  EXPECT_EQ(plain.topology(&response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(EngineTenants, OnlyTheDefaultOneWithoutMultiTenancy) {
  engine e(frozen());
  client c(e);
  auto r = client::poll_request();
  r.add_tenantids("<default>");
  EXPECT_TRUE(c.poll(r).status.ok());
  r.add_tenantids("red");
  EXPECT_EQ(c.poll(r).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(EngineTenants, WithMultiTenancyJobsGoToWhoNamesTheirTenant) {
  auto o = frozen();
  o.multi_tenancy = true;
  o.tenants = {"red", "blue"};
  engine e(o);
  client c(e);
  job_spec spec;
  spec.tenant_id = "red";
  e.create(spec);
  auto r = client::poll_request();
  EXPECT_EQ(c.poll(r).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  r.add_tenantids("green");
  EXPECT_EQ(c.poll(r).status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  r.set_tenantids(0, "no tenant!");
  EXPECT_EQ(c.poll(r).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  r.set_tenantids(0, "blue");
  EXPECT_TRUE(c.poll(r).jobs.empty());
  r.clear_tenantids();
  r.set_tenantfilter(gw::TenantFilter::ASSIGNED);
  const auto got = c.poll(r);
  ASSERT_EQ(got.jobs.size(), 1U);
  EXPECT_EQ(got.jobs[0].tenantid(), "red");
}

}  // namespace
}  // namespace sandbox::engine
