// The configuration file: whatever bytes it holds become settings, or issues that name a line of
// it; trees keep their bounds; what is written in clear where only a reference may stand is never
// repeated.
#include "worker/config/config_file.h"

#include <algorithm>

#include "connector/base/utf8.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"
#include "worker/config/yaml.h"

namespace fuzz {

namespace {

namespace config = worker::config;

constexpr std::string_view marked = "m4rkedKey";

struct measure {
  std::size_t nodes = 0;
  std::size_t depth = 0;
};

void add(const config::yaml_node& node, std::size_t depth, measure& into) {
  ++into.nodes;
  into.depth = std::max(into.depth, depth);
  for (const auto& item : node.items) add(item, depth + 1, into);
  for (const auto& member : node.members) {
    ++into.nodes;
    add(member.value, depth + 1, into);
  }
}

std::string check_tree(std::string_view text, int lines) {
  config::yaml_limits small;
  small.depth = 4;
  small.nodes = 50;
  const auto document = config::read_yaml(text, small);
  measure found;
  add(document.root, 0, found);
  if (found.nodes > small.nodes + 1) return "a tree over its bound of nodes";
  if (found.depth > small.depth) return "a tree over its bound of depth";
  for (const auto& each : document.issues) {
    if (each.line < 1 || each.line > lines) return "a problem in a line that is not there";
    if (each.text.empty() || !connector::is_utf8(each.text)) return "a problem without clean text";
  }
  return {};
}

std::string run_config_file(std::string_view text) {
  const int lines = 2 + static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
                      return c == '\n' || c == '\r';
                    }));
  // YAML 1.1 knows line ends beyond ASCII; then there are more lines than we count here.
  const bool odd_ends = text.find("\xC2\x85") != std::string_view::npos ||
                        text.find("\xE2\x80") != std::string_view::npos;
  if (auto wrong = check_tree(text, odd_ends ? 1 << 30 : lines); !wrong.empty()) return wrong;

  config::file_report report("f");
  const auto file = config::read_config_file(text, report);
  for (const auto& each : report.issues) {
    const auto said = config::describe(each);
    if (said.find('\n') != std::string::npos) return "an issue of several lines";
    if (!connector::is_utf8(said)) return "an issue that is no text";
    const bool of_a_key = each.key.find("secretAccessKey") != std::string::npos ||
                          each.key.find("passphrase") != std::string::npos;
    const bool is_the_name = each.key.find(marked) != std::string::npos;
    if (of_a_key && !is_the_name && said.find(marked) != std::string::npos)
      return "a key in clear was repeated";
  }
  for (const auto& each : file.profiles) {
    if (each.name.empty() || each.name.size() > 64) return "a profile without a good name";
  }
  return {};
}

}  // namespace

target config_file() {
  target out{
      "ConfigFile",
      run_config_file,
      {"gateway: {address: http://a:1}\njobs:\n  maxActive: 3\n",
       "profiles:\n  a:\n    source: keys\n    accessKeyId: A\n    secretAccessKey: m4rkedKey\n",
       "profiles: {a: {source: profile, profile: b}, b: {source: profile, profile: a}}\n",
       "guards:\n  allowedFunctions: [a*, 'arn:aws:lambda:*:1:function:x']\n  rules:\n"
       "    - {tenants: [t], allowedHosts: ['http://[::1]:*']}\n",
       "a: &x [1]\nb: *x\n", "a: 1\na: 2\n", "---\n...\n---\n", "? [a]\n: b\n",
       "\xEF\xBB\xBF"
       "a: 1\n",
       "a: !!binary x\n", "a: |\n  text\n  more\n", "%YAML 1.1\n---\na: 1", std::string(20, '['),
       std::string(20, '{'), "a: \"\\x00\\u2028\"\n"},
      {"profiles:",
       "guards:",
       "rules:",
       "source:",
       "worker",
       "keys",
       "profile",
       "assumeRole:",
       "roleArn:",
       "secretAccessKey:",
       "passphrase:",
       "m4rkedKey",
       "{{secrets.A}}",
       "arn:aws:iam::1:role/x",
       "allowedFunctions:",
       "allowedHosts:",
       "tenants:",
       "[",
       "]",
       "{",
       "}",
       ", ",
       ": ",
       "\n  ",
       "\n- ",
       "&a",
       "*a",
       "!t",
       "'",
       "\"",
       "|",
       ">",
       "~",
       "null",
       "\t",
       "#",
       "---\n",
       "...\n",
       "\\u0085",
       "\x01"}};
  add_numbers(out.seeds, "jobs:\n  maxActive: ", "\n");
  add_numbers(out.seeds, "gateway:\n  keepAlive: ", "\n");
  return out;
}

}  // namespace fuzz
