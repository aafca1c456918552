// Secrets masked in any text: nothing that is left shows one as it is, cuts end where no secret
// does, and JSON strings stay strings.
#include "connector/base/json_scan.h"
#include "tests/fuzz/target.h"
#include "worker/secrets/redactor.h"

namespace fuzz {

namespace {

namespace json = connector::json;
using worker::secrets::redactor;

constexpr std::string_view word = "pass+word/1";

const redactor& known() {
  static const redactor made({connector::secret_string(std::string(word)),
                              connector::secret_string("two words"),
                              connector::secret_string("aaaa")});
  return made;
}

std::string run_redaction(std::string_view text) {
  const auto masked = known().mask(std::string(text));
  if (masked.find(word) != std::string::npos) return "a secret is left: " + masked;
  if (known().finds(text) != (masked != text)) return "finds() and mask() disagree";
  if (known().mask_cut(std::string(text)).find(word) != std::string::npos) {
    return "a secret is left in a cut text";
  }
  for (const std::size_t most : {std::size_t{0}, std::size_t{3}, text.size() / 2, text.size()}) {
    const auto front = known().front(text, most);
    if (!text.starts_with(front)) return "the front is not the front of the text";
    // What is cut off begins no occurrence that the front has the beginning of.
    const auto at = text.find(word);
    if (at != std::string_view::npos && at < front.size() && front.size() < at + word.size()) {
      return "a secret was cut in two";
    }
  }
  if (json::is_json(text) && json::kind_of(text) == json::kind::string) {
    const auto after = known().mask_json(std::string(text));
    if (!json::is_json(after)) return "no JSON any more: " + after;
  }
  return {};
}

}  // namespace

target redaction() {
  return {"Redaction",
          run_redaction,
          {"got pass+word/1 and two words", R"("got pass\u002Bword\/1")",
           R"({"a":"pass\\u002bword\\\/1"})", "?k=pass%2Bword%2F1&l=two+words", "cGFzcyt3b3JkLzE=",
           "cGFzcyt3b3JkLzFwYXNzK3dvcmQv\nMXBhc3Mrd29yZC8x", "word/1 is a rest", "aaaaaaaaaa"},
          {"pass+word/1", "two words", "two+words",    "pass",    "\\u002B", "\\u002b",
           "%2B",         "%2F",       "\\/",          "\\\\",    "\\",      "%",
           "%25",         "+",         "\"",           "\n",      "\r\n",    "cGFzcyt3b3JkLzE",
           "aaaa",        "word/1",    "\xEF\xBF\xBD", "\\ud83d", "\\x2b"}};
}

}  // namespace fuzz
