// How often redaction reads a text.
#include "worker/secrets/readings.h"

#include <gtest/gtest.h>

#include <set>

namespace worker::secrets {
namespace {

std::vector<std::string> readings_of(const std::string& text) {
  std::vector<std::string> out;
  each_reading(text, [&](const reading& in) {
    out.emplace_back(in.text());
    return false;
  });
  return out;
}

using texts = std::vector<std::string>;

TEST(Readings, OfOrdinaryTextThereIsOne) {
  for (const std::string text :
       {"", "Task timed out after 3.00 seconds", "a=b, c = d\n100 %, A & B; x = y + z\n",
        "C:\\Windows\\py", "START RequestId: 1-2 Version: $LATEST\nEND\n"}) {
    EXPECT_EQ(readings_of(text), texts{text});
  }
}

TEST(Readings, TakeOffEachLayerThatIsThere) {
  EXPECT_EQ(readings_of(R"(a\"b)"), (texts{R"(a\"b)", "a\"b"}));
  EXPECT_EQ(readings_of("a%20b&lt;c"), (texts{"a%20b&lt;c", "a b&lt;c", "a b<c", "a%20b<c"}));
  EXPECT_EQ(readings_of("%5Cn"), (texts{"%5Cn", "\\n", "\n"}));
  EXPECT_EQ(readings_of("%2520"), (texts{"%2520", "%20", " "}));
}

// A function says what it wants, and no other job goes on meanwhile.
TEST(Readings, AreBoundedAndNoneIsReadTwice) {
  std::string hostile = R"(\\\\\\\\\u0025252525343141%2525252541&amp;amp;amp;quot;=3D=)"
                        "\n"
                        R"( \%25 &#37;41 &#92;n %26amp;%5C%255C=25=26=5C\x26\x25\x3d)";
  const auto found = readings_of(hostile);
  EXPECT_LE(found.size(), most_readings);
  EXPECT_GT(found.size(), most_readings_of_long_text);
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
  while (hostile.size() <= long_text) hostile += hostile;
  EXPECT_LE(readings_of(hostile).size(), most_readings_of_long_text);
}

}  // namespace
}  // namespace worker::secrets
