// A command as words, without a shell.
#include "connector/aws/credentials/shared_config/command_words.h"

#include <gtest/gtest.h>

namespace connector::aws {
namespace {

using words = std::vector<std::string>;

TEST(CommandWords, FollowQuotesAndBackslashes) {
  EXPECT_EQ(split_command("/bin/x a  b\tc").words, (words{"/bin/x", "a", "b", "c"}));
  EXPECT_EQ(split_command("'/with blank/x' \"a b\" c' 'd ''").words,
            (words{"/with blank/x", "a b", "c d", ""}));
  EXPECT_EQ(split_command(R"(x "a \"b\" \\ \n" 'c\d' e\ f)").words,
            (words{"x", R"(a "b" \ \n)", R"(c\d)", "e f"}));
  EXPECT_EQ(split_command("x '$HOME | ;' \"a&b\"").words, (words{"x", "$HOME | ;", "a&b"}));
  EXPECT_EQ(split_command("x *.txt ~/y").words, (words{"x", "*.txt", "~/y"}));
}

TEST(CommandWords, RefuseWhatNeedsAShell) {
  for (const auto* command :
       {"x | y", "x > y", "x; y", "x & y", "$HOME/x", "`x`", "x $(y)", "x <y"}) {
    EXPECT_NE(split_command(command).wrong.find("without a shell"), std::string_view::npos)
        << command;
    EXPECT_TRUE(split_command(command).words.empty());
  }
  EXPECT_EQ(split_command("x 'y").wrong, "a quote is not closed");
  EXPECT_EQ(split_command("x y\\").wrong, "it ends with a backslash");
  EXPECT_EQ(split_command("  ").wrong, "it is empty");
  std::string many = "x";
  for (int i = 0; i < 300; ++i) many += " y";
  EXPECT_EQ(split_command(many).wrong, "it has too many words");
}

}  // namespace
}  // namespace connector::aws
