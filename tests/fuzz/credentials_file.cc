// The credentials file: any bytes are one or are refused in a line without their content; what is
// written reads back, with the new token and the entries of others; YAML that is written reads back
// as the same tree.
#include "worker/program/credentials_file.h"

#include "connector/base/utf8.h"
#include "connector/oauth/access_token.h"
#include "tests/fuzz/target.h"
#include "worker/config/yaml_writer.h"

namespace fuzz {

namespace {

using worker::program::credentials_file;
namespace yaml = worker::config;

constexpr std::string_view marked_token = "m4rkedToken";

bool is_clean(std::string_view line) {
  return !line.empty() && line.size() < 400 && connector::is_utf8(line) &&
         line.find('\n') == std::string_view::npos &&
         line.find(marked_token) == std::string_view::npos;
}

bool are_alike(const yaml::yaml_node& a, const yaml::yaml_node& b) {
  if (a.type != b.type || a.text != b.text || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!are_alike(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    if (a.members[i].key != b.members[i].key ||
        !are_alike(a.members[i].value, b.members[i].value)) {
      return false;
    }
  }
  return true;
}

std::string trees(std::string_view input) {
  const auto document = yaml::read_yaml(input);
  if (!document.issues.empty() || document.root.type == yaml::yaml_node::kind::text) return {};
  const auto written = yaml::write_yaml(document.root);
  if (!written) return "a tree that cannot be written";
  const auto again = yaml::read_yaml(*written, {.bytes = 10'000'000});
  if (!again.issues.empty()) return "what was written is no YAML";
  return are_alike(document.root, again.root) ? "" : "what was written reads back otherwise";
}

std::string run_credentials_file(std::string_view input) {
  if (auto wrong = trees(input); !wrong.empty()) return wrong;
  auto read = credentials_file::read(input);
  if (!read) return is_clean(read.error()) ? "" : "an odd reason";
  const auto found = read->token_of("worker");
  if (!found && !is_clean(found.error())) return "an odd complaint";
  if (found && *found && !connector::oauth::is_token((*found)->value.reveal())) {
    return "a token that cannot stand in a header";
  }
  const auto other = read->token_of("other");
  read->put("worker", {connector::secret_string("n3w"), {}});
  const auto text = read->text();
  if (!text) return {};
  const auto again = credentials_file::read(*text);
  // One more entry may be over the bounds.
  if (!again) return again.error().find("more than") != std::string::npos ? "" : "unreadable";
  const auto mine = again->token_of("worker");
  if (!mine || !*mine || (*mine)->value.reveal() != "n3w") return "the new token is not there";
  const auto theirs = again->token_of("other");
  const auto has = [](const auto& one) { return one && *one; };
  if (has(other) != has(theirs)) return "the token of another client came or went";
  return !has(other) || (*other)->value == (*theirs)->value ? "" : "another client's token changed";
}

}  // namespace

target credentials_file() {
  const std::string java =
      "---\nworker:\n  auth:\n    credentials:\n      accesstoken: \"m4rkedToken\"\n"
      "      expiry: \"2126-01-02T03:04:05.678901Z\"\n      tokentype: \"Bearer\"\n";
  return {
      "CredentialsFile",
      run_credentials_file,
      {java,
       java + "other:\n  auth:\n    credentials: {accesstoken: x, expiry: 2126-01-02T03:04:05Z}\n",
       "worker: {auth: {credentials: {accesstoken: ~}}}\n", "worker: [m4rkedToken]\n",
       "a: &a [x]\nb: [*a, *a]\n", "m4rkedToken: 1\nm4rkedToken: 2\n", "", "--- ~\n",
       "a: \"\\x85\\u2028\\0\\n \"\n", "? [a]\n: b\n", "a: |\n  x\n\n  y\n", "'': ''\n",
       "a: 'x\n\n  y'\n",
       "\xEF\xBB\xBF"
       "a: 1\n"},
      {"worker:",
       "other:",
       "auth:",
       "credentials:",
       "accesstoken:",
       "access_token:",
       "expiry:",
       "tokentype:",
       "Bearer",
       "m4rkedToken",
       "2126-01-02T03:04:05Z",
       "+02:00",
       "\n  ",
       "\n    ",
       "\n      ",
       "[",
       "]",
       "{",
       "}",
       ", ",
       ": ",
       "- ",
       "&a ",
       "*a",
       "!t ",
       "'",
       "\"",
       "|\n",
       ">\n",
       "~",
       "null",
       "\t",
       "#",
       "---\n",
       "...\n",
       "\\u0085",
       "\\e",
       "\\ud800",
       "\xC2\x85",
       "\xE2\x80\xA8"}};
}

}  // namespace fuzz
