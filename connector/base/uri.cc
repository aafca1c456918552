#include "connector/base/uri.h"

#include <boost/url/parse.hpp>
#include <cstddef>

#include "connector/base/ascii.h"

namespace connector {

namespace {

// Where the text between "//" and the path, the query or the fragment lies; empty without "//".
std::string_view authority_of(std::string_view text) {
  const auto slashes = text.find("://");
  if (slashes == std::string_view::npos) return {};
  text.remove_prefix(slashes + 3);
  return text.substr(0, text.find_first_of("/?#"));
}

}  // namespace

std::unique_ptr<const uri> parse_uri(std::string_view text) {
  auto out = std::make_unique<uri>();
  out->text = text;
  for (const bool again : {false, true}) {
    const auto parsed = boost::urls::parse_uri(out->text);
    if (!parsed) return nullptr;
    out->parts = *parsed;
    const auto taken = out->parts.encoded_authority();
    const auto meant = authority_of(out->text);
    if (std::string_view(taken.data(), taken.size()) == meant) return out;
    // With its first digit in the other spelling the host is no address any more, but a name.
    const auto begin = static_cast<std::size_t>(meant.data() - out->text.data());
    const auto host =
        begin + (meant.find('@') == std::string_view::npos ? 0 : meant.rfind('@') + 1);
    if (again || host >= out->text.size() || !ascii::is_digit(out->text[host])) break;
    out->text.insert(host, "%3");
  }
  return nullptr;
}

}  // namespace connector
