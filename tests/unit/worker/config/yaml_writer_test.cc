#include "worker/config/yaml_writer.h"

#include <gtest/gtest.h>

namespace worker::config {
namespace {

std::string again(std::string_view text) {
  const auto document = read_yaml(text);
  EXPECT_TRUE(document.issues.empty()) << text;
  return write_yaml(document.root).value_or("(nothing)");
}

TEST(YamlWriter, WritesBlocksAndKeepsQuotes) {
  EXPECT_EQ(again("{b: {c: [x, \"1\", {d: ~}]}, a: 'true'}"),
            "b:\n"
            "  c:\n"
            "  - x\n"
            "  - \"1\"\n"
            "  - d: ~\n"
            "a: \"true\"\n");
  EXPECT_EQ(again(""), "{}\n");
}

TEST(YamlWriter, WhatIsWrittenReadsBack) {
  for (const std::string text :
       {"a: \"two\\nlines, \\\"quoted\\\" \\u2028 \\0\"\n", "'a: b': '- c'\n", "? ''\n: ''\n",
        "a: |\n  text\n\n  more\n", "a: [[], {}, [[x]]]\n", "\xC3\xA4\xC3\xB6: \"\xC3\x9F\"\n",
        "a:\nb: null\n", "a: plain over\n  two lines\n"}) {
    const auto once = again(text);
    EXPECT_EQ(again(once), once) << text;
  }
  const std::string long_text(200'000, 'x');
  EXPECT_EQ(again("k: \"" + long_text + "\"\n"), "k: \"" + long_text + "\"\n");
}

TEST(YamlWriter, WritesNothingForBytesThatAreNoText) {
  yaml_node root;
  root.text = "\xFF";
  EXPECT_EQ(write_yaml(root), std::nullopt);
}

}  // namespace
}  // namespace worker::config
