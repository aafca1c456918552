#include "connector/aws/canonical_request.h"

#include <gtest/gtest.h>

namespace connector::aws {
namespace {

TEST(CanonicalPath, EncodesWhatIsEncodedAlreadyASecondTime) {
  EXPECT_EQ(canonical_path("/2015-03-31/functions/arn%3Aaws%3Alambda/invocations"),
            "/2015-03-31/functions/arn%253Aaws%253Alambda/invocations");
  EXPECT_EQ(canonical_path("/a b/\xC3\xA9"), "/a%20b/%C3%A9");
  EXPECT_EQ(canonical_path("/A-z_0.9~"), "/A-z_0.9~");
}

TEST(CanonicalPath, TakesDotSegmentsAndDoubledSlashesOut) {
  EXPECT_EQ(canonical_path(""), "/");
  EXPECT_EQ(canonical_path("/"), "/");
  EXPECT_EQ(canonical_path("//"), "/");
  EXPECT_EQ(canonical_path("/."), "/");
  EXPECT_EQ(canonical_path("/.."), "/");
  EXPECT_EQ(canonical_path("/../../a"), "/a");
  EXPECT_EQ(canonical_path("//a/./b/../c/"), "/a/c/");
  EXPECT_EQ(canonical_path("/a/b/.."), "/a");
  EXPECT_EQ(canonical_path("/a/b/."), "/a/b");
  EXPECT_EQ(canonical_path("/a/b/../"), "/a/");
  EXPECT_EQ(canonical_path("/a/..b"), "/a/..b");
}

TEST(CanonicalPath, LeavesThePathAsSentWhenAsked) {
  EXPECT_EQ(canonical_path("//a/./b/../c/", path_rule::as_sent), "//a/./b/../c/");
  EXPECT_EQ(canonical_path("", path_rule::as_sent), "/");
  EXPECT_EQ(canonical_path("/a b%20", path_rule::as_sent), "/a%20b%2520");
}

TEST(CanonicalQuery, SortsByEncodedNameAndThenValue) {
  EXPECT_EQ(canonical_query("Param2=b&Param1=z&Param1=a"), "Param1=a&Param1=z&Param2=b");
  EXPECT_EQ(canonical_query("b=1&B=1&a=1"), "B=1&a=1&b=1");
  EXPECT_EQ(canonical_query("\xE1\x88\xB4=x&Param=1"), "%E1%88%B4=x&Param=1");
}

TEST(CanonicalQuery, BringsEveryPieceIntoOneSpelling) {
  EXPECT_EQ(canonical_query(""), "");
  EXPECT_EQ(canonical_query("a"), "a=");
  EXPECT_EQ(canonical_query("a=1&&"), "a=1");
  EXPECT_EQ(canonical_query("q=%24LATEST&m=a%2bb/="), "m=a%2Bb%2F%3D&q=%24LATEST");
  EXPECT_EQ(canonical_query("p=a b+c"), "p=a%20b%2Bc");
  EXPECT_EQ(canonical_query("broken=%zz"), "broken=%25zz");
}

TEST(CanonicalHeaders, LowersSortsTrimsAndSqueezes) {
  const auto block = canonical_headers(
      {{"X-Amz-Date", "now"}, {"Host", " h "}, {"My-Header", "\t a   \"b  c\"\n d"}});
  EXPECT_EQ(block.lines, "host:h\nmy-header:a \"b c\" d\nx-amz-date:now\n");
  EXPECT_EQ(block.names, "host;my-header;x-amz-date");
}

TEST(CanonicalHeaders, JoinsTheValuesOfOneNameInTheirOrder) {
  const auto block = canonical_headers({{"B", "4"}, {"a", "2"}, {"b", "1"}, {"B", " 3 "}});
  EXPECT_EQ(block.lines, "a:2\nb:4,1,3\n");
  EXPECT_EQ(block.names, "a;b");
}

TEST(CanonicalHeaders, LeavesOutWhatIsRewrittenOnTheWay) {
  const auto block = canonical_headers({{"Host", "h"},
                                        {"User-Agent", "x"},
                                        {"Connection", "x"},
                                        {"X-Amzn-Trace-Id", "x"},
                                        {"traceparent", "x"},
                                        {"Transfer-Encoding", "x"},
                                        {"Accept-Encoding", "x"},
                                        {"Authorization", "x"},
                                        {"Sec-WebSocket-Key", "x"}});
  EXPECT_EQ(block.names, "host");
}

TEST(CanonicalRequest, PutsTheSixPartsOnLinesOfTheirOwn) {
  EXPECT_EQ(canonical_request("GET", "/a?b=1", {"host:h\n", "host"}, "hash"),
            "GET\n/a\nb=1\nhost:h\n\nhost\nhash");
  EXPECT_EQ(canonical_request("GET", "/a", {"host:h\n", "host"}, "hash"),
            "GET\n/a\n\nhost:h\n\nhost\nhash");
}

}  // namespace
}  // namespace connector::aws
