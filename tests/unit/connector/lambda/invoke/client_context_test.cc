#include "connector/lambda/invoke/client_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "connector/base/base64.h"
#include "connector/base/json_scan.h"

namespace connector::lambda {
namespace {

job_context job() {
  job_context out;
  out.job_key = "2251799813685301";
  out.process_instance_key = "2251799813685251";
  out.bpmn_process_id = "order";
  out.element_id = "call";
  out.element_instance_key = "2251799813685299";
  out.retries = 3;
  out.tenant_id = "<default>";
  return out;
}

std::string decoded(const std::string& user, const job_context& of,
                    std::string_view traceparent = {}) {
  const auto made = make_client_context(user, of, traceparent);
  if (!made) return made.error().message;
  EXPECT_LE(made->header.size(), 3583U);
  return base64_decode(made->header).value_or("(no base64)");
}

TEST(JobBlock, TellsWhatIsKnown) {
  EXPECT_EQ(job_block(job(), "00-1-2-01"),
            R"({"jobKey":"2251799813685301","processInstanceKey":"2251799813685251",)"
            R"("elementInstanceKey":"2251799813685299","retries":3,"tenantId":"<default>",)"
            R"("traceparent":"00-1-2-01","elementId":"call","bpmnProcessId":"order"})");
  job_context bare;
  bare.job_key = "1";
  EXPECT_EQ(job_block(bare, ""), R"({"jobKey":"1","retries":0})");
}

TEST(JobBlock, TellsWhatNewerEnginesSay) {
  auto of = job();
  of.business_id = "order-7";
  of.priority = -5;
  of.physical_tenant = "blue";
  of.tags = {"vip", "trace-id:\"1\""};
  const auto block = job_block(of, "");
  EXPECT_NE(block.find(R"("bpmnProcessId":"order","businessId":"order-7","priority":-5,)"
                       R"("physicalTenantId":"blue","tags":["vip","trace-id:\"1\""]})"),
            std::string::npos)
      << block;
  EXPECT_TRUE(json::is_json(block));
  EXPECT_EQ(job_block(of, "", 1).find("tags"), std::string::npos);
}

TEST(JobBlock, KeepsTheJobKeyLongest) {
  EXPECT_EQ(job_block(job(), "t", 6).find("elementId"), std::string::npos);
  EXPECT_EQ(job_block(job(), "t", max_dropped), R"({"jobKey":"2251799813685301"})");
}

TEST(ClientContext, StandsUnderCustomJob) {
  job_context bare;
  bare.job_key = "1";
  const std::string block = R"({"jobKey":"1","retries":0})";
  EXPECT_EQ(decoded("", bare), R"({"custom":{"job":)" + block + "}}");
  EXPECT_EQ(decoded("{}", bare), R"({"custom":{"job":)" + block + "}}");
  EXPECT_EQ(decoded(R"({"client":{"x":1.10}})", bare),
            R"({"client":{"x":1.10},"custom":{"job":)" + block + "}}");
  EXPECT_EQ(decoded(R"({ "custom" : {} , "env":{}})", bare),
            R"({ "custom" : {"job":)" + block + R"(} , "env":{}})");
  EXPECT_EQ(decoded(R"({"custom":{"a":"}"}})", bare),
            R"({"custom":{"a":"}","job":)" + block + "}}");
  EXPECT_EQ(decoded(R"({"\u0063ustom":{"a":1}})", bare),
            R"({"\u0063ustom":{"a":1,"job":)" + block + "}}");
  EXPECT_EQ(decoded(R"({"custom":null})", bare), R"({"custom":{"job":)" + block + "}}");
}

TEST(ClientContext, IsTheUsersAloneWithoutAJob) {
  EXPECT_EQ(decoded(R"({"a":1})", job_context{}), R"({"a":1})");
  EXPECT_EQ(make_client_context("", job_context{}, "")->header, "");
}

TEST(ClientContext, RefusesWhatWouldHideTheBlock) {
  EXPECT_EQ(decoded(R"({"custom":[1]})", job()),
            "clientContext: its member custom must be an object");
  EXPECT_EQ(decoded(R"({"custom":{"job":1}})", job()),
            "clientContext: custom.job is what the worker adds; use another name");
}

// Go reads "Custom" as custom and, when it comes last, instead of custom.
TEST(ClientContext, RefusesNamesThatSomeReadersTakeForThoseOfTheBlock) {
  for (const char* forged :
       {R"({"custom":{},"Custom":{"job":{"jobKey":"2"}}})", R"({"CUSTOM":1})",
        R"({"\u0043ustom":{}})", "{\"cu\xC5\xBFtom\":{}}", R"({"cu\u017ftom":{}})"}) {
    EXPECT_THAT(decoded(forged, job()),
                testing::StartsWith("clientContext: a name in it differs from "
                                    "custom in capitals alone"))
        << forged;
  }
  EXPECT_THAT(
      decoded(R"({"custom":{"Job":{"jobKey":"2"}}})", job()),
      testing::StartsWith("clientContext: a name in it differs from job in capitals alone"));
  EXPECT_THAT(decoded(R"({"custom":{"jobs":1},"Custom2":1,"env":{"Custom":1}})", job()),
              testing::StartsWith("{"));
}

// A user's context that leaves `room` bytes to Lambda's limit.
std::string user_context(std::size_t room) {
  const std::string frame = R"({"custom":{"u":""}})";
  return R"({"custom":{"u":")" + std::string(2685 - room - frame.size(), 'x') + R"("}})";
}

TEST(ClientContext, DropsTheBlocksLastMembersFirst) {
  const auto minimal = std::string(R"(,"job":{"jobKey":"2251799813685301"})").size();
  for (std::size_t room = minimal; room < minimal + 300; ++room) {
    const auto user = user_context(room);
    const auto text = decoded(user, job(), "00-1-2-01");
    EXPECT_TRUE(json::is_json(text)) << text;
    EXPECT_TRUE(text.starts_with(user.substr(0, user.size() - 2))) << room;
    EXPECT_NE(text.find("jobKey"), std::string::npos);
    if (text.find("bpmnProcessId") != std::string::npos) {
      EXPECT_NE(text.find("processInstanceKey"), std::string::npos);
      EXPECT_NE(text.find("elementId"), std::string::npos);
    }
  }
  EXPECT_NE(decoded(user_context(minimal + 299), job(), "t").find("bpmnProcessId"),
            std::string::npos);
  EXPECT_EQ(decoded(user_context(minimal), job(), "t").find("processInstanceKey"),
            std::string::npos);
}

TEST(ClientContext, TellsWhatItLeftOut) {
  const auto minimal = std::string(R"(,"job":{"jobKey":"2251799813685301"})").size();
  EXPECT_TRUE(make_client_context(user_context(minimal + 299), job(), "t")->left_out.empty());
  const auto most = make_client_context(user_context(minimal), job(), "t");
  EXPECT_EQ(most->left_out, (std::vector<std::string_view>{
                                "processInstanceKey", "elementInstanceKey", "retries", "tenantId",
                                "traceparent", "elementId", "bpmnProcessId"}));
  // The tags go first.
  auto tagged = job();
  tagged.tags = std::vector<std::string>(32, std::string(200, 't'));
  EXPECT_EQ(make_client_context("", tagged, "t")->left_out, std::vector<std::string_view>{"tags"});
  // What was not known is not missed.
  const auto without_trace = make_client_context(user_context(minimal), job(), "");
  EXPECT_EQ(without_trace->left_out.size(), 6U);
}

TEST(ClientContext, IsNeverAlteredToFit) {
  const auto minimal = std::string(R"(,"job":{"jobKey":"2251799813685301"})").size();
  EXPECT_EQ(decoded(user_context(minimal - 1), job()),
            "clientContext: too large: with the job's key it has 2686 bytes, of which Lambda takes "
            "2685 (3583 as base64); shorten it, or use the payload");
  EXPECT_TRUE(
      decoded(std::string(3000, ' '), job_context{}).starts_with("clientContext: too large"));
}

}  // namespace
}  // namespace connector::lambda
