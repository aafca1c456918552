#include "connector/aws/canonical_request.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/eight_bytes.h"
#include "connector/base/percent.h"

namespace connector::aws {

namespace {

// Hop-by-hop, or changed by proxies and meshes between us and the service.
constexpr std::array<std::string_view, 17> unsigned_names = {
    "accept-encoding",
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
    "baggage",
};

bool is_signed(std::string_view lower_name) {
  return std::find(unsigned_names.begin(), unsigned_names.end(), lower_name) ==
             unsigned_names.end() &&
         !lower_name.starts_with("sec-websocket-");
}

// The characters that the signature's rules count as spaces.
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r';
}

// Without blanks at the ends, runs of blanks as one space.
void append_squeezed(std::string& out, std::string_view value) {
  const auto may_be_space = [](std::uint64_t eight) { return eight_bytes::below(eight, ' ' + 1); };
  if (eight_bytes::run(value, may_be_space, is_space) == value.size()) {
    out += value;
    return;
  }
  bool pending = false;
  bool started = false;
  for (const char c : value) {
    if (is_space(c)) {
      pending = started;
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    started = true;
    out += c;
  }
}

// RFC 3986 5.2.4, with doubled slashes taken as one, and with a slash at the end only where there
// was one: AWS's own clients sign "/a/b/.." as "/a".
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool slash_at_end = path.ends_with('/');
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  if (kept.empty() || slash_at_end) out += '/';
  return out;
}

// A piece of the query in the one spelling; what is not a valid encoding is taken as plain text.
std::string recoded(std::string_view text) {
  const auto decoded = percent_decode(text);
  return percent_encode(decoded ? std::string_view(*decoded) : text);
}

}  // namespace

std::string canonical_path(std::string_view path, path_rule rule) {
  if (path.empty()) return "/";
  return rule == path_rule::normalized ? percent_encode_path(normalized(path))
                                       : percent_encode_path(path);
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto piece = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    const auto value =
        equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1);
    pairs.emplace_back(recoded(piece.substr(0, equals)), recoded(value));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

canonical_header_block canonical_headers(const http::headers& fields) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : fields) bytes += name.size();
  std::string lower;  // all names, one after the other
  lower.resize(bytes);
  std::vector<std::pair<std::string_view, std::string_view>> kept;
  kept.reserve(fields.size());
  auto end = lower.begin();
  for (const auto& [name, value] : fields) {
    const auto begin = end;
    end = std::transform(name.begin(), name.end(), begin, [](char c) { return ascii::lower(c); });
    const std::string_view name_lower(begin, end);
    if (is_signed(name_lower)) kept.emplace_back(name_lower, value);
  }
  // Stable: the values of one name stay in the order they are sent in.
  std::stable_sort(kept.begin(), kept.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  canonical_header_block out;
  std::size_t names = 0;
  std::size_t values = 0;
  for (const auto& [name, value] : kept) {
    names += name.size() + 1;
    values += value.size() + 1;
  }
  out.names.reserve(names);
  out.lines.reserve(names + values);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0 && kept[i].first == kept[i - 1].first) {
      out.lines.back() = ',';  // instead of the line's end
    } else {
      if (i > 0) out.names += ';';
      out.names += kept[i].first;
      out.lines.append(kept[i].first).append(":");
    }
    append_squeezed(out.lines, kept[i].second);
    out.lines += '\n';
  }
  return out;
}

std::string canonical_request(std::string_view method, std::string_view target,
                              const canonical_header_block& headers, std::string_view payload_hash,
                              path_rule rule) {
  const auto mark = target.find('?');
  const auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  std::string out;
  // The path grows where it is encoded a second time.
  out.reserve(method.size() + 2 * target.size() + headers.lines.size() + headers.names.size() +
              payload_hash.size() + 8);
  out.append(method).append("\n").append(canonical_path(target.substr(0, mark), rule));
  out.append("\n").append(canonical_query(query));
  out.append("\n").append(headers.lines);
  out.append("\n").append(headers.names);
  out.append("\n").append(payload_hash);
  return out;
}

}  // namespace connector::aws
