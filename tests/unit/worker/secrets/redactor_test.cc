#include "worker/secrets/redactor.h"

#include <gtest/gtest.h>

#include <thread>

#include "connector/base/base64.h"

namespace worker::secrets {
namespace {

using connector::secret_string;

redactor of(std::initializer_list<const char*> values) {
  redactor made;
  for (const auto* value : values) made.add(secret_string(value));
  return made;
}

TEST(Redactor, MasksEveryOccurrence) {
  const auto mask = of({"s3cr3t-value"});
  EXPECT_EQ(mask.mask("s3cr3t-value, again s3cr3t-value."), "***, again ***.");
  EXPECT_EQ(mask.mask("nothing here"), "nothing here");
  EXPECT_EQ(mask.mask(""), "");
}

TEST(Redactor, MasksEncodedForms) {
  const auto mask = of({"pa\"ss/wo rd"});
  EXPECT_EQ(mask.mask(R"({"k":"pa\"ss/wo rd"})"), R"({"k":"***"})");
  EXPECT_EQ(mask.mask("?k=pa%22ss%2Fwo%20rd&"), "?k=***&");
  EXPECT_EQ(mask.mask("k=" + connector::base64_encode("pa\"ss/wo rd")), "k=***");
}

TEST(Redactor, MasksBase64AtAnyAlignment) {
  const std::string value = "correct-horse-battery";
  const auto mask = of({value.c_str()});
  for (std::size_t before = 0; before < 5; ++before) {
    for (std::size_t after = 0; after < 4; ++after) {
      const auto text = std::string(before, 'u') + ":" + value + ":" + std::string(after, 'p');
      const auto masked = mask.mask(connector::base64_encode(text));
      EXPECT_NE(masked.find("***"), std::string::npos) << text;
      // What is left over cannot hold more than the ends that share a character with others.
      EXPECT_LE(masked.size(), 3 + (before + after + 6) * 2) << masked;
    }
  }
}

TEST(Redactor, LeavesShortValuesAlone) {
  EXPECT_TRUE(of({"abc"}).empty());
  EXPECT_EQ(of({"abc"}).mask("abcdef abc"), "abcdef abc");
  EXPECT_EQ(of({"abcd"}).mask("abcd abc"), "*** abc");
}

TEST(Redactor, MasksOverlappingValuesWhole) {
  const auto mask = of({"abcdef", "defghi", "cdefg"});
  EXPECT_EQ(mask.mask("<abcdefghi>"), "<***>");
  EXPECT_EQ(mask.mask("<abcdef><defghi>"), "<***><***>");
}

TEST(Redactor, PrefersTheLongerOfTwoThatStartAlike) {
  const auto mask = of({"token", "token-and-more"});
  EXPECT_EQ(mask.mask("token-and-more token"), "*** ***");
}

TEST(Redactor, MasksAtBothEndsAndSideBySide) {
  const auto mask = of({"aaaa"});
  EXPECT_EQ(mask.mask("aaaa"), "***");
  EXPECT_EQ(mask.mask("aaaaa"), "***");
  EXPECT_EQ(mask.mask("aaaabaaaa"), "***b***");
}

TEST(Redactor, ForgetsAValueAndNotWhatItSharesWithOthers) {
  const auto first = std::make_shared<const secret_forms>(secret_string("shared-start-1"));
  const auto second = std::make_shared<const secret_forms>(secret_string("shared-start-2"));
  redactor before;
  before.add(first);
  before.add(second);
  redactor after = before;
  after.remove(first);
  after.remove(first);
  EXPECT_EQ(after.mask("shared-start-1 shared-start-2"), "shared-start-1 ***");
  EXPECT_EQ(before.mask("shared-start-1 shared-start-2"), "*** ***");
  after.remove(second);
  EXPECT_TRUE(after.empty());
  EXPECT_EQ(after.mask("shared-start-2"), "shared-start-2");
}

// The search jumps over text by a table of the known values, which values of all lengths have made
// in any order, and which is made anew once most of them are forgotten.
TEST(Redactor, JumpsOverNoValue) {
  std::vector<std::shared_ptr<const secret_forms>> forms;
  std::vector<std::string> values;
  for (const std::size_t length : {90U, 40U, 64U, 65U, 20U, 7U, 33U, 4U, 5U}) {
    std::string value;
    for (std::size_t i = 0; i < length; ++i) {
      value += static_cast<char>('A' + (i * i + 7 * length) % 57);
    }
    forms.push_back(std::make_shared<const secret_forms>(secret_string(value)));
    values.push_back(value);
  }
  const auto expect_all = [&](const redactor& known, std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
      for (std::size_t before = 0; before < 70; ++before) {
        const std::string front(before, '.');
        const std::string back((before * 37) % 71, '.');
        EXPECT_EQ(known.mask(front + values[at] + back), front + "***" + back) << values[at];
        EXPECT_EQ(known.mask(front + values[at] + values[at]), front + "******") << values[at];
      }
    }
  };
  redactor known;
  for (std::size_t count = 0; count < forms.size(); ++count) {
    known.add(forms[count]);
    expect_all(known, 0, count + 1);
  }
  for (std::size_t gone = 0; gone + 1 < forms.size(); ++gone) {
    known.remove(forms[gone]);
    EXPECT_EQ(known.mask("<" + values[gone].substr(0, 3) + ">"),
              "<" + values[gone].substr(0, 3) + ">");
    expect_all(known, gone + 1, forms.size());
  }
  known.remove(forms.back());
  known.add(forms[1]);
  expect_all(known, 1, 2);
}

TEST(RedactorFront, CutsNoValueInTwo) {
  const auto known = of({"marked-value", "value-of-it"});
  const std::string text = "see marked-value-of-it and more";
  EXPECT_EQ(known.front(text, 4), "see ");
  for (std::size_t most = 5; most <= 22; ++most) {
    EXPECT_EQ(known.front(text, most), "see marked-value-of-it") << most;
  }
  EXPECT_EQ(known.front(text, 23), "see marked-value-of-it ");
  EXPECT_EQ(known.front(text, 100), text);
  EXPECT_EQ(redactor().front("plain", 3), "pla");
  EXPECT_EQ(known.front("euro \xE2\x82\xAC\xE2\x82\xAC", 10), "euro \xE2\x82\xAC");
}

TEST(RedactorFront, CutsNoSpellingInTwo) {
  const auto known = of({"pass+word/1"});
  for (const std::string spelt :
       {R"(pass\u002Bword\/1)", R"(pass\\u002Bword\\\/1)", "pass%2Bword%2F1", "cGFzcyt3b3JkLzE="}) {
    for (std::size_t most = 5; most < 4 + spelt.size(); ++most) {
      EXPECT_EQ(known.front("see " + spelt + " and more", most), "see " + spelt) << most;
    }
  }
}

TEST(RedactorJson, StringsAreMaskedAsTheTextThatTheyStandFor) {
  const auto known = of({"newline-secret", "pa\"ss"});
  // In JSON the line break before "ewline-secret" ends with the letter n.
  EXPECT_EQ(known.mask_json(R"(["line\newline-secret","pa\"ss"])"),
            R"(["line\newline-secret","***"])");
  EXPECT_EQ(known.mask_json(R"({"newline-secret":"\\newline-secret"})"), R"({"***":"\\***"})");
  EXPECT_EQ(known.mask_json(R"({"a":"\ud800pa\"ss"})"), R"({"a":"\ud800***"})");
}

TEST(RedactorJson, ValueThatIsNoStringIsMasked) {
  EXPECT_EQ(of({"12345678"}).mask_json(R"({"a":12345678})"), R"({"a":***})");
  EXPECT_EQ(of({R"({"user":"x","pw":"y"})"}).mask_json(R"([{"user":"x","pw":"y"}])"), "[***]");
}

TEST(RedactorCut, RestAfterACutCharacterIsMasked) {
  const std::string value = "sch\xC3\xBCssel-\xE2\x82\xAC-\xF0\x9F\x94\x91-wert";
  const auto masks = of({value.c_str()});
  const std::string lost = "\xEF\xBF\xBD";
  EXPECT_EQ(masks.mask_cut(lost + "ssel-\xE2\x82\xAC-\xF0\x9F\x94\x91-wert."), "***.");
  EXPECT_EQ(masks.mask_cut(lost + lost + "-\xF0\x9F\x94\x91-wert."), "***.");
  EXPECT_EQ(masks.mask_cut(lost + lost + lost + "-wert."), "***.");
  EXPECT_EQ(masks.mask_cut(lost + "plain"), lost + "plain");
  EXPECT_EQ(masks.mask_cut(lost + "plain " + value), lost + "plain ***");
}

TEST(RedactorCut, RestAfterACutEscapeIsMasked) {
  const auto masks = of({"pass+word/1"});
  for (const std::string text : {R"(2Bword\/1.)", R"(u002Bword\/1.)", R"(\u002Bword\u002f1.)",
                                 "2Bword%2F1.", "word%2F1.", R"(02bword\\\/1.)"}) {
    EXPECT_EQ(masks.mask_cut(text), "***.") << text;
  }
  EXPECT_EQ(masks.mask_cut("3Jk LzE"), "3Jk LzE");
}

TEST(RedactorCut, RestOfAValueAtTheStartIsMasked) {
  const auto masks = of({"marked-value"});
  EXPECT_EQ(masks.mask_cut("ed-value and more"), "*** and more");
  EXPECT_EQ(masks.mask_cut("arked-value, marked-value"), "***, ***");
  EXPECT_EQ(masks.mask_cut("marked-value"), "***");
  // Less than four bytes are left alone, as values so short are.
  EXPECT_EQ(masks.mask_cut("lue of it"), "lue of it");
  EXPECT_EQ(masks.mask_cut("plain"), "plain");
  EXPECT_EQ(masks.mask_cut(""), "");
}

}  // namespace
}  // namespace worker::secrets
