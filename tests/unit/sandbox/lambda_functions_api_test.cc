#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using LambdaFunctionsApi = LambdaFixture;

call control(const std::string& method, const std::string& target) {
  call out;
  out.method = method;
  out.target = "/2015-03-31/functions" + target;
  return out;
}

TEST_F(LambdaFunctionsApi, ListIsPagedAndEveryFunctionComesOnce) {
  for (int i = 0; i < 120; ++i) {
    server_.register_function("made-" + std::to_string(i),
                              [](const invocation&) { return answer{}; });
  }
  std::vector<std::string> names;
  std::string marker;
  int pages = 0;
  do {
    const std::string more = marker.empty() ? "" : "&Marker=" + percent_encode(marker);
    const response got = ask(control("GET", "?MaxItems=1000" + more));
    ASSERT_EQ(got.status, 200) << got.body;
    const auto page = boost::json::parse(got.body);
    EXPECT_LE(page.at("Functions").as_array().size(), 50U);
    for (const auto& item : page.at("Functions").as_array()) {
      names.emplace_back(item.at("FunctionName").as_string());
    }
    marker = page.at("NextMarker").is_null() ? "" : page.at("NextMarker").as_string().c_str();
    ++pages;
    if (!marker.empty()) EXPECT_NE(marker.find('+'), std::string::npos);
  } while (!marker.empty() && pages < 10);
  EXPECT_GE(pages, 3);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::count(names.begin(), names.end(), "made-77"), 1);
  EXPECT_EQ(std::count(names.begin(), names.end(), "echo"), 1);
}

TEST_F(LambdaFunctionsApi, ListRefusesABadMarkerAndBadSizes) {
  EXPECT_EQ(ask(control("GET", "?Marker=rubbish")).status, 400);
  EXPECT_EQ(ask(control("GET", "?MaxItems=0")).status, 400);
  EXPECT_EQ(ask(control("GET", "?MaxItems=many")).status, 400);
}

TEST_F(LambdaFunctionsApi, GetShowsWhatMustNotBePassedOn) {
  const response got = ask(control("GET", "/echo?Qualifier=PROD"));
  ASSERT_EQ(got.status, 200);
  const auto about = boost::json::parse(got.body);
  EXPECT_EQ(about.at("Configuration").at("FunctionName"), "echo");
  EXPECT_EQ(about.at("Configuration").at("Version"), "2");
  EXPECT_EQ(about.at("Configuration").at("Environment").at("Variables").at("MARKED"),
            "environment-value-never-passed-on");
  EXPECT_NE(got.body.find("presigned-never-passed-on"), std::string::npos);
  EXPECT_EQ(ask(control("GET", "/nowhere")).status, 404);
}

TEST_F(LambdaFunctionsApi, DeleteTakesAFunctionAwayOnce) {
  EXPECT_EQ(ask(control("DELETE", "/echo?Qualifier=1")).status, 204);
  EXPECT_EQ(invoke("echo%3A1").status, 404);
  EXPECT_EQ(invoke("echo").status, 200);
  EXPECT_EQ(ask(control("DELETE", "/echo")).status, 204);
  EXPECT_FALSE(server_.has_function("echo"));
  EXPECT_EQ(ask(control("DELETE", "/echo")).status, 404);
}

TEST_F(LambdaFunctionsApi, OtherPathsAreUnknownOperations) {
  EXPECT_EQ(ask(control("PUT", "/echo")).header("x-amzn-ErrorType"), "UnknownOperationException");
  call elsewhere;
  elsewhere.target = "/2014-11-13/functions/echo/invoke-async";
  EXPECT_EQ(ask(elsewhere).status, 404);
}

TEST_F(LambdaFunctionsApi, AccountIsShownWithoutASignature) {
  invoke("echo");
  const auto connection = connect();
  connection->write("GET /sandbox/account HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto got = connection->read_response();
  ASSERT_TRUE(got);
  const auto counts = boost::json::parse(got->body);
  EXPECT_EQ(counts.at("executions"), 1);
  EXPECT_EQ(counts.at("functions").at("echo").at("requests"), 1);
}

}  // namespace
}  // namespace sandbox::test
