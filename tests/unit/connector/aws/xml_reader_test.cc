// The few elements of an XML answer, whatever else it holds.
#include "connector/aws/xml_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace connector::aws {
namespace {

std::string text(std::string_view document, std::string_view path) {
  const auto read = read_xml(document);
  if (!read) return "(no XML)";
  const auto found = read->find(path);
  return found == read->end() ? "(none)" : std::string(found->second.reveal());
}

TEST(XmlReader, FindsTextsByTheirPath) {
  constexpr auto document =
      "<?xml version=\"1.0\"?>\n<!-- c --><a xmlns=\"x>y\" b='/'>\n"
      "  <n:b>  one &amp;&lt;&#x41;&#66;&gt; "
      "</n:b><b>two</b><empty/><c><d><![CDATA[<x>&]]></d></c>\n"
      "</a>\n";
  EXPECT_EQ(text(document, "a/b"), "one &<AB>");
  EXPECT_EQ(text(document, "a/c/d"), "<x>&");
  EXPECT_EQ(text(document, "a/empty"), "");
  EXPECT_EQ(text(document, "a/c"), "(none)");
  EXPECT_EQ(text(document, "b"), "(none)");
}

TEST(XmlReader, RefusesWhatIsNoXml) {
  for (const auto* document :
       {"", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a>&unknown;</a>", "<a>&amp</a>",
        "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#99999999;</a>", "<a b=\"x></a>", "<a><</a>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a><![CDATA[x</a>", "<a><!-- x</a>", "< />",
        "{\"a\":1}", "<a/>text"}) {
    EXPECT_EQ(text(document, "a"), "(no XML)") << document;
  }
}

TEST(XmlReader, IsBounded) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  for (int i = 0; i < 100; ++i) deep += "</a>";
  EXPECT_FALSE(read_xml(deep));
  std::string wide = "<a>";
  for (int i = 0; i < 20'000; ++i) wide += "<b/>";
  EXPECT_FALSE(read_xml(wide + "</a>"));
  EXPECT_FALSE(read_xml("<" + std::string(1000, 'a') + "/>"));
}

}  // namespace
}  // namespace connector::aws
