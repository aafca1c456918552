// Redaction masks a secret that several writers wrote one after the other, in each order: JSON in a
// form, a page in JSON, base64 in lines in a URL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/worker/secrets/spelling_writers.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {
namespace {

struct layered {
  std::string called;
  writer write;
  int times = 1;  // of the kind of layer that is taken off
};

layered by_name(const std::string& called, int times = 1) {
  for (const auto& [name, write] : writers()) {
    if (name == called) return {name, write, times};
  }
  ADD_FAILURE() << "no writer " << called;
  return {};
}

// One or two of each kind of layer.
const std::vector<layered>& layers() {
  static const std::vector<layered> all = {by_name("JSON"),
                                           by_name("JSON of .NET"),
                                           by_name("JSON twice", 2),
                                           by_name("bytes of Python"),
                                           by_name("percent of RFC 3986"),
                                           by_name("percent of a form"),
                                           by_name("escape() of JavaScript"),
                                           by_name("HTML of Python"),
                                           by_name("XML by number"),
                                           by_name("quoted-printable")};
  return all;
}

TEST(LayeredSpellings, OfTwoWritersAreHiddenInEachOrder) {
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const auto& inner : layers()) {
      for (const auto& outer : layers()) {
        // A mail is no part of a mail.
        if (inner.called == "quoted-printable" && outer.called == inner.called) continue;
        const auto spelt = outer.write(inner.write(secret));
        ASSERT_EQ(known.mask("got <" + spelt + ">"), "got <***>")
            << outer.called << " of " << inner.called << " of " << secret << ", seed "
            << spelling_seed;
      }
    }
  }
}

TEST(LayeredSpellings, OfThreeWritersAreHiddenInEachOrder) {
  const std::vector<layered> kinds = {by_name("JSON of .NET", 4), by_name("percent of a form", 2),
                                      by_name("HTML of Python", 2), by_name("quoted-printable")};
  const auto is_promised = [&](const std::vector<const layered*>& chain) {
    return std::all_of(chain.begin(), chain.end(), [&](const layered* one) {
      return std::count(chain.begin(), chain.end(), one) <= one->times;
    });
  };
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const auto& first : kinds) {
      for (const auto& second : kinds) {
        for (const auto& third : kinds) {
          if (!is_promised({&first, &second, &third})) continue;
          const auto spelt = third.write(second.write(first.write(secret)));
          ASSERT_EQ(known.mask("got <" + spelt + ">"), "got <***>")
              << third.called << " of " << second.called << " of " << first.called << " of "
              << secret << ", seed " << spelling_seed;
        }
      }
    }
  }
}

TEST(LayeredSpellings, OfBase64InLinesAreHiddenInEachLayer) {
  for (const auto& secret : hundred_secrets()) {
    const auto value = secret + secret + secret + secret + secret + secret;
    const redactor known({connector::secret_string(value)});
    for (const std::string end : {"\n", "\r\n"}) {
      auto in_lines = lines(base64(value, false, false), end);
      in_lines.resize(in_lines.size() - end.size());
      for (const auto& outer : layers()) {
        ASSERT_EQ(known.mask("<" + outer.write(in_lines) + ">"), "<***>")
            << outer.called << " of " << secret << ", seed " << spelling_seed;
      }
    }
  }
}

TEST(LayeredSpellings, OfAKeyInAFormAreHidden) {
  const std::string key =
      "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBg+x/9\n-----END PRIVATE KEY-----";
  const redactor known({connector::secret_string(key)});
  const auto form = by_name("percent of a form").write;
  EXPECT_EQ(known.mask("payload=" + form(R"({"key": ")" + plain_json(key) + "\"}") + "&a=1"),
            "payload=%7B%22key%22%3A+%22***%22%7D&a=1");
  EXPECT_EQ(known.mask("payload=" + form(key)), "payload=***");
  // One line of a message, and what a Windows program made of it.
  auto windows = key;
  for (auto at = windows.find('\n'); at != windows.npos; at = windows.find('\n', at + 2)) {
    windows.insert(at, 1, '\r');
  }
  EXPECT_EQ(known.mask("payload=" + form(windows)), "payload=***");
  auto line = key;
  std::replace(line.begin(), line.end(), '\n', ' ');
  EXPECT_EQ(known.mask("payload=" + form(line)), "payload=***");
}

}  // namespace
}  // namespace worker::secrets
