// The credentials file as text: what the existing clients wrote is read, and stays.
#include "worker/program/credentials_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/timestamp.h"

namespace worker::program {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// As the Java client 8.8 writes it, whose YAML library quotes every text.
constexpr std::string_view of_java =
    "---\n"
    "worker:\n"
    "  auth:\n"
    "    credentials:\n"
    "      accesstoken: \"a.b.c\"\n"
    "      expiry: \"2126-01-02T03:04:05.678901Z\"\n"
    "      tokentype: \"Bearer\"\n";
// As the Go client writes it, with the audience as the name of an entry.
constexpr std::string_view of_go =
    "zeebe.example:\n"
    "  auth:\n"
    "    credentials:\n"
    "      accesstoken: g.o.t\n"
    "      expiry: 2126-01-02T05:04:05.6789+02:00\n"
    "      refreshtoken: \"\"\n"
    "      tokentype: bearer\n";

credentials_file good(std::string_view text) {
  auto read = credentials_file::read(text);
  if (!read) {
    ADD_FAILURE() << read.error();
    return *credentials_file::read("");
  }
  return *std::move(read);
}

std::string entry(const std::string& credentials) {
  return "worker:\n  auth:\n    credentials: {" + credentials + "}\n";
}

TEST(CredentialsFile, ReadsWhatOtherClientsWrote) {
  for (const auto& [text, client, value] :
       {std::tuple(of_java, "worker", "a.b.c"), std::tuple(of_go, "zeebe.example", "g.o.t")}) {
    const auto file = good(text);
    const auto found = file.token_of(client);
    ASSERT_TRUE(found && *found) << text;
    EXPECT_EQ((*found)->value.reveal(), value);
    EXPECT_EQ(connector::timestamp_text((*found)->expires), "2126-01-02T03:04:05Z");
    const auto other = file.token_of("somebody");
    EXPECT_TRUE(other && !*other);
  }
  const auto spelled =
      good(entry("access_token: x, tokenType: Bearer, expiry: 2126-01-02T03:04:05Z"));
  EXPECT_TRUE(spelled.token_of("worker") && *spelled.token_of("worker"));
}

TEST(CredentialsFile, KeepsEntriesOfOtherClients) {
  // given
  auto file = good(std::string(of_go) + "odd: [1, {x: ~}]\n");

  // when
  file.put("worker",
           {connector::secret_string("t0k"), *connector::parse_timestamp("2126-01-02T03:04:05Z")});

  // then
  EXPECT_EQ(file.text(), std::string(of_go) +
                             "odd:\n- 1\n- x: ~\n"
                             "worker:\n"
                             "  auth:\n"
                             "    credentials:\n"
                             "      accesstoken: \"t0k\"\n"
                             "      expiry: 2126-01-02T03:04:05Z\n"
                             "      tokentype: Bearer\n");
  const auto again = good(*file.text()).token_of("worker");
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->value.reveal(), "t0k");
  // when: the entry is there already
  file.put("zeebe.example", {connector::secret_string("n"), {}});

  // then
  EXPECT_THAT(*file.text(), AllOf(Not(HasSubstr("g.o.t")), HasSubstr("odd:")));
}

TEST(CredentialsFile, BeginsWithAnEmptyText) {
  for (const std::string text : {"", "# nothing\n", "---\n", "{}\n", "~\n"}) {
    auto file = good(text);
    const auto none = file.token_of("worker");
    EXPECT_TRUE(none && !*none);
    file.put("w\xC3\xB6rker: 'x'", {connector::secret_string("t"), connector::wall_clock::now()});
    const auto found = good(*file.text()).token_of("w\xC3\xB6rker: 'x'");
    EXPECT_TRUE(found && *found) << text;
  }
}

TEST(CredentialsFile, TextOfAnotherKindIsRefusedWithoutItsContent) {
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"- hunter2\n", "no mapping"},
           {"hunter2", "no mapping"},
           {"a: &x hunter2\nb: *x\n", "line 1: anchors"},
           {"b: *hunter2\n", "line 1: aliases"},
           {"a: !!binary hunter2\n", "tags"},
           {"hunter2: 1\nhunter2: 2\n", "line 2: a key stands twice"},
           {"{hunter2", "no YAML"},
           {std::string(20, '[') + "hunter2", "nested deeper"},
           {"\xFFhunter2", "not UTF-8"},
           {std::string(credentials_file::max_bytes + 1, '#'), "larger than"},
           {"a: [" + std::string(20000, ',') + "]", "no YAML"}}) {
    const auto read = credentials_file::read(text);
    ASSERT_FALSE(read) << text.substr(0, 50);
    EXPECT_THAT(read.error(), AllOf(HasSubstr(says), Not(HasSubstr("hunter2"))));
  }
  std::string many;
  for (int i = 0; i < 9000; ++i) many += "x" + std::to_string(i) + ": 1\n";
  EXPECT_FALSE(credentials_file::read(many));
}

TEST(CredentialsFile, EntryThatCannotBeUsedIsToldWithoutItsValues) {
  const std::string expiry = "expiry: 2126-01-02T03:04:05Z";
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"worker: hunter2\n", "no auth.credentials"},
           {"worker: {auth: [hunter2]}\n", "no auth.credentials"},
           {"worker: {auth: {credentials: hunter2}}\n", "no accesstoken"},
           {entry("accesstoken: [hunter2], " + expiry), "no accesstoken"},
           {entry("accesstoken: 'hunter2 \\n x', " + expiry), "no accesstoken"},
           {entry("accesstoken: ~, " + expiry), "no accesstoken"},
           {entry("accesstoken: hunter2"), "no expiry"},
           {entry("accesstoken: hunter2, expiry: soon"), "no expiry"},
           {entry("accesstoken: hunter2, expiry: 10000-01-01T00:00:00Z"), "no expiry"},
           {entry("accesstoken: hunter2, tokentype: hunter3, " + expiry), "tokentype"}}) {
    const auto found = good(text).token_of("worker");
    ASSERT_FALSE(found) << text;
    EXPECT_THAT(found.error(),
                AllOf(HasSubstr("line "), HasSubstr(says), Not(HasSubstr("hunter"))));
  }
}

TEST(CredentialsFile, IsNotWrittenWhenItWouldBeTooLong) {
  auto file = good("");
  for (int i = 0; i < 40; ++i) {
    file.put("c" + std::to_string(i),
             {connector::secret_string(std::string(32'000, 't')), connector::wall_clock::now()});
  }
  EXPECT_EQ(file.text(), std::nullopt);
}

}  // namespace
}  // namespace worker::program
