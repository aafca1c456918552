#include "worker/config/issue.h"

#include "connector/base/utf8.h"

namespace worker::config {

std::string describe(const issue& one) {
  return one.key.empty() ? fmt::format("{}: {}", one.source, one.text)
                         : fmt::format("{} ({}): {}", one.source, one.key, one.text);
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t longest_shown = 60;
  std::string out(connector::cut_utf8(name, longest_shown));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return out;
}

}  // namespace worker::config
