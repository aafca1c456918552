// Redaction masks each spelling that writers of common languages make of a secret.
#include "worker/secrets/spellings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/secrets/spelling_writers.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {
namespace {

using testing::HasSubstr;
using testing::Not;

class Spellings : public testing::Test {
 protected:
  void expect_hidden(const std::string& secret, const std::string& called,
                     const std::string& spelt) {
    expect_hidden(redactor({connector::secret_string(secret)}), secret, called, spelt);
  }
  void expect_hidden(const redactor& known, const std::string& secret, const std::string& called,
                     const std::string& spelt) {
    const auto masked = known.mask("got <" + spelt + "> twice: " + spelt + "\n");
    EXPECT_THAT(masked, Not(HasSubstr(spelt))) << called;
    EXPECT_EQ(masked, "got <***> twice: ***\n") << called << " of " << secret << ": " << spelt;
    EXPECT_TRUE(known.finds(spelt)) << called;
  }
};

TEST_F(Spellings, OfEachWriterAreHidden) {
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const auto& [called, write] : writers()) {
      auto spelt = write(secret);
      // Padding says nothing of the value, and is left where other text may follow.
      spelt.erase(spelt.find_last_not_of('=') + 1);
      expect_hidden(known, secret, called, spelt);
      if (HasFailure()) FAIL() << "seed " << spelling_seed;
    }
  }
}

// What is left of base64 on both sides are characters that other bytes share.
TEST_F(Spellings, InsideBase64AreHiddenAtEachAlignment) {
  const std::vector<std::pair<std::string, writer>> inner = {
      {"raw", [](const auto& s) { return s; }},
      {"JSON", plain_json},
      {"Go", go},
      {".NET", dot_net},
      {"Gson", gson},
      {"Python", python},
      {"PHP", php}};
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const auto& [called, write] : inner) {
      for (const std::string before : {"", "u", "us", "user:", R"({"key":")"}) {
        for (const bool url : {false, true}) {
          const auto whole = base64(before + write(secret) + "\"}", url);
          const auto around = base64(before).size() + base64("\"}").size() + 8;
          const auto masked = known.mask(whole);
          ASSERT_THAT(masked, HasSubstr("***")) << called << " of " << secret;
          ASSERT_LE(masked.size(), 3 + around) << called << " of " << secret << ": " << masked;
        }
      }
    }
  }
}

TEST_F(Spellings, OfBase64InLinesAreHidden) {
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const std::string end : {"\n", "\r\n", " "}) {
      for (std::size_t before = 0; before < 80; before += 7) {
        const auto whole = base64(std::string(before, 'b') + secret + std::string(60, 'a'));
        const auto masked = known.mask("data:\n" + lines(whole, end));
        ASSERT_THAT(masked, HasSubstr("***")) << secret << " after " << before;
        ASSERT_LE(masked.size(), 6 + base64(std::string(before + 60, 'b')).size() + 30)
            << secret << " after " << before << ": " << masked;
        // As a string of a log that is JSON.
        ASSERT_THAT(known.mask(plain_json(lines(whole, end))), HasSubstr("***"));
      }
    }
  }
}

TEST_F(Spellings, LinesMayEndInAnotherWay) {
  const std::string unix_key =
      "-----BEGIN KEY-----\nMIIBVgIBADANBg\nAT8wggE7AgEAAk\n-----END KEY-----";
  const std::string windows_key =
      "-----BEGIN KEY-----\r\nMIIBVgIBADANBg\r\nAT8wggE7AgEAAk\r\n-----END KEY-----";
  for (const auto& secret : {unix_key, windows_key}) {
    for (const auto& printed : {unix_key, windows_key}) {
      expect_hidden(secret, "raw", printed);
      const redactor known({connector::secret_string(secret)});
      EXPECT_EQ(known.mask("<" + dot_net(dot_net(windows_key)) + ">"), "<***>");
    }
  }
}

// A line of quoted-printable may end anywhere, within a character too.
TEST_F(Spellings, OfQuotedPrintableAreHiddenAcrossTheEndOfALine) {
  expect_hidden("pass-w\xC3\xB6rt=1", "quoted-printable", "pass=\n-w=C3=\r\n=B6rt=3D=\n1");
}

TEST_F(Spellings, ASecretThatIsTakenApartIsHiddenComposed) {
  expect_hidden("cafe\xCC\x81-key", "composed", "caf\xC3\xA9-key");
  expect_hidden("cafe\xCC\x81-key", "as it is", "cafe\xCC\x81-key");
}

TEST_F(Spellings, AHostIsHiddenInLowerCase) {
  const redactor known(
      {connector::secret_string("MyTenant-Host"), connector::secret_string("Order")});
  EXPECT_EQ(known.mask("no connection to mytenant-host.example:443"),
            "no connection to ***.example:443");
  // A short word is no host's.
  EXPECT_EQ(known.mask("Order, order"), "***, order");
}

TEST_F(Spellings, PartsOfAUrlAreHidden) {
  const redactor known({connector::secret_string(
      "https://User9876:pw@Hooks.example.com:8443/services/T00/B00?k=v")});
  EXPECT_EQ(known.mask("host hooks.example.com is on no list"), "host *** is on no list");
  EXPECT_EQ(known.mask("\"hooks.example.com:8443/services/T00/B00?k=v\""), "\"***:8443***\"");
  EXPECT_EQ(known.mask("as User9876:pw"), "as ***");
  EXPECT_EQ(known.mask("at https://hooks.example.com:8443/services/T00/B00"),
            "at https://***:8443***");
  EXPECT_EQ(redactor({connector::secret_string("https://localhost")}).mask("localhost"),
            "localhost");
}

TEST_F(Spellings, AreThereOnceAndLongEnough) {
  for (const auto& secret : hundred_secrets()) {
    const auto spelt = spellings_of(secret);
    EXPECT_TRUE(std::is_sorted(spelt.begin(), spelt.end()));
    EXPECT_EQ(std::adjacent_find(spelt.begin(), spelt.end()), spelt.end());
    for (const auto& each : spelt) EXPECT_GE(each.size(), shortest_secret);
  }
  EXPECT_TRUE(spellings_of("abc").empty());
  EXPECT_TRUE(spellings_of(" ab \n").empty());
}

// A job may hold a hundred secrets of 64 KiB.
TEST_F(Spellings, OfALongValueTakeBoundedMemory) {
  std::string value;
  while (value.size() < 64 * 1024) value += "\"<&>\xE2\x82\xAC";
  std::size_t bytes = 0;
  for (const auto& each : spellings_of(value)) bytes += each.size();
  EXPECT_LE(bytes, 16 * value.size());
  expect_hidden(value, "raw", value);
  expect_hidden(value, "JSON of .NET", dot_net(value));
}

// Sessions come and go, and the registry remembers a thousand values.
TEST_F(Spellings, OfASessionTokenTakeLittleMemory) {
  std::string token;
  while (token.size() < 1000) token += "IQoJb3JpZ2lu+/X2VjEH";
  std::size_t bytes = 0;
  for (const auto& each : spellings_of(token)) bytes += each.size();
  EXPECT_LE(bytes, 16 * token.size());
  expect_hidden(token, "base64", base64(token, false, false));
}

TEST_F(Spellings, OfALongKeyInJsonAreHiddenInBase64) {
  std::string key = "-----BEGIN KEY-----\n";
  for (char c = 'A'; c <= 'Z'; ++c) key += std::string(64, c) + "\n";
  key += "-----END KEY-----";
  const redactor known({connector::secret_string(key)});
  EXPECT_THAT(known.mask(base64("{\"key\":\"" + plain_json(key) + "\"}")), HasSubstr("***"));
}

TEST_F(Spellings, BlanksAtTheEndsAreNoPartOfAValue) {
  EXPECT_EQ(redactor({connector::secret_string("a-secret-value\n")}).mask("<a-secret-value>"),
            "<***>");
}

}  // namespace
}  // namespace worker::secrets
