#include "tests/sandbox/lambda/canonical.h"

#include <algorithm>

#include "tests/sandbox/lambda/encoding.h"

namespace sandbox {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_upper_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

// A well-formed code of a byte that needs one.
bool is_regular_code(std::string_view text) {
  if (text.size() < 3 || !is_upper_hex(text[1]) || !is_upper_hex(text[2])) return false;
  const auto byte = percent_decode(text.substr(0, 3));
  return byte && !is_unreserved((*byte)[0]);
}

void append_squeezed(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  bool gap = false;
  for (const char c : value) {
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap && out.size() > start) out += ' ';
    gap = false;
    out += c;
  }
}

std::string recode(std::string_view text) {
  const auto decoded = percent_decode(text);
  return percent_encode(decoded ? std::string_view(*decoded) : text);
}

}  // namespace

canonical_path_result canonical_path(std::string_view path) {
  std::vector<std::string_view> kept;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    at = end + 1;
  }
  canonical_path_result out;
  out.text.reserve(path.size() + 32);
  for (const std::string_view segment : kept) {
    out.text += '/';
    for (std::size_t i = 0; i < segment.size(); ++i) {
      const char c = segment[i];
      if (is_unreserved(c)) {
        out.text += c;
      } else if (c == '%') {
        out.text += "%25";
        out.regular = out.regular && is_regular_code(segment.substr(i));
      } else {
        std::string once;
        append_percent(once, static_cast<unsigned char>(c));
        out.text += "%25";
        out.text.append(once, 1);
        out.regular = false;
      }
    }
  }
  if (kept.empty() || path.back() == '/') out.text += '/';
  return out;
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return {};
  std::vector<std::pair<std::string, std::string>> parameters;
  std::size_t at = 0;
  while (at < query.size()) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view item = query.substr(at, end - at);
    at = end + 1;
    if (item.empty()) continue;
    const std::size_t equals = std::min(item.find('='), item.size());
    parameters.emplace_back(recode(item.substr(0, equals)),
                            equals == item.size() ? "" : recode(item.substr(equals + 1)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

std::string canonical_headers(const header_views& headers,
                              const std::vector<std::string_view>& signed_names) {
  std::string out;
  for (const std::string_view name : signed_names) {
    out += name;
    out += ':';
    bool first = true;
    for (const auto& [sent, value] : headers) {
      if (!equals_ignoring_case(sent, name)) continue;
      if (!first) out += ',';
      first = false;
      append_squeezed(out, value);
    }
    out += '\n';
  }
  return out;
}

}  // namespace sandbox
