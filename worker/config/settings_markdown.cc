#include "worker/config/settings_markdown.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <utility>

#include "connector/base/words.h"
#include "worker/config/settings_table.h"

namespace worker::config {

namespace {

using replacement = std::pair<char, std::string_view>;

std::string replaced(std::string_view text, std::initializer_list<replacement> by) {
  std::string out;
  for (const char c : text) {
    std::string_view written(&c, 1);
    for (const auto& [from, to] : by) {
      if (c == from) written = to;
    }
    out += written;
  }
  return out;
}

// A bar would end the cell, and Markdown would drop text in angle brackets as HTML.
std::string prose(std::string_view text) {
  return replaced(text, {{'|', "\\|"}, {'<', "&lt;"}, {'>', "&gt;"}});
}

// A code span, in which only the bar has a meaning.
std::string code(std::string_view text) {
  return fmt::format("`{}`", replaced(text, {{'|', "\\|"}}));
}

}  // namespace

std::string markdown_of_settings() {
  std::string out =
      "| setting | flag | environment | type | default | meaning |\n"
      "|---|---|---|---|---|---|\n";
  for (const auto& spec : settings_table()) {
    const auto standard = shown_default(spec);
    out += fmt::format(
        "| `{}` | {} | {} | {} | {} | {} |\n", spec.key, spec.flag.empty() ? "" : code(spec.flag),
        joined_variables(spec, "`", "`", ", "),
        spec.type == setting_type::words ? code(connector::joined(spec.bounds.words, "|"))
                                         : std::string(name_of(spec.type)),
        standard.empty()                                    ? ""
        : spec.standard.empty() && spec.key != "jobs.types" ? prose(standard)
                                                            : code(standard),
        prose(spec.text));
  }
  return out;
}

}  // namespace worker::config
