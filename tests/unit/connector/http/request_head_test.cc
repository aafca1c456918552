// What goes on the wire before the body, and what may not.
#include "connector/http/request_head.h"

#include <gtest/gtest.h>

namespace connector::http {
namespace {

request sample() {
  return {"POST", {true, "lambda.eu-west-1.amazonaws.com", 443}, "/a?b=c", {{"A", "b"}}, "{}"};
}

TEST(RequestHead, NamesHostFieldsAndLength) {
  std::string out = "kept ";
  write_head(sample(), out);
  EXPECT_EQ(out,
            "kept POST /a?b=c HTTP/1.1\r\nHost: lambda.eu-west-1.amazonaws.com\r\nA: b\r\n"
            "Content-Length: 2\r\n\r\n");
}

TEST(RequestHead, AnEmptyBodyIsAnnouncedOnlyWhereOneIsExpected) {
  request changed = sample();
  changed.body.clear();
  std::string out;
  write_head(changed, out);
  EXPECT_NE(out.find("Content-Length: 0\r\n"), std::string::npos);
  changed.method = "GET";
  out.clear();
  write_head(changed, out);
  EXPECT_EQ(out.find("Content-Length"), std::string::npos);
}

TEST(RequestHead, HostHeaderHasThePortOnlyWhenItIsUnusual) {
  EXPECT_EQ(host_header({true, "a.b", 443}), "a.b");
  EXPECT_EQ(host_header({true, "a.b", 80}), "a.b:80");
  EXPECT_EQ(host_header({false, "a.b", 80}), "a.b");
  EXPECT_EQ(host_header({false, "::1", 4566}), "[::1]:4566");
  EXPECT_EQ(host_header({true, "2001:db8::1", 443}), "[2001:db8::1]");
}

TEST(RequestHead, TheSampleCanBeSent) { EXPECT_EQ(find_error(sample()), std::nullopt); }

TEST(RequestHead, WhatWouldBeAnotherRequestIsRefused) {
  const auto refused = [](auto change) {
    request changed = sample();
    change(changed);
    return find_error(changed).has_value();
  };
  EXPECT_TRUE(refused([](request& r) { r.method = "GET /\r\n"; }));
  EXPECT_TRUE(refused([](request& r) { r.method = ""; }));
  EXPECT_TRUE(refused([](request& r) { r.target = "/a b"; }));
  EXPECT_TRUE(refused([](request& r) { r.target = "a"; }));
  EXPECT_TRUE(refused([](request& r) { r.target = "/a\r\nX: y"; }));
  EXPECT_TRUE(refused([](request& r) { r.target = "/\xc3\xa4"; }));
  EXPECT_TRUE(refused([](request& r) { r.to.host = ""; }));
  EXPECT_TRUE(refused([](request& r) { r.to.host = "a/b"; }));
  EXPECT_TRUE(refused([](request& r) { r.to.host = "a\nb"; }));
  EXPECT_TRUE(refused([](request& r) { r.to.host = std::string(256, 'a'); }));
  EXPECT_TRUE(refused([](request& r) { r.fields = {{"A:", "b"}}; }));
  EXPECT_TRUE(refused([](request& r) { r.fields = {{"", "b"}}; }));
  EXPECT_TRUE(refused([](request& r) { r.fields = {{"A", "b\nc"}}; }));
  EXPECT_TRUE(refused([](request& r) { r.fields = {{"A", std::string("b\0c", 3)}}; }));
  EXPECT_TRUE(refused([](request& r) { r.fields = {{"content-length", "7"}}; }));
  EXPECT_TRUE(refused([](request& r) { r.fields = {{"Transfer-Encoding", "chunked"}}; }));
  EXPECT_FALSE(refused([](request& r) { r.fields = {{"A", "b\tc \xc3\xa4"}}; }));
}

TEST(RequestHead, HeaderNamesCompareWithoutCase) {
  const headers all = {{"X-Amzn-RequestId", "1"}, {"x-amzn-requestid", "2"}};
  EXPECT_EQ(find_header(all, "x-AMZN-requestID"), "1");
  EXPECT_EQ(find_header(all, "x-amzn-request"), std::nullopt);
}

}  // namespace
}  // namespace connector::http
