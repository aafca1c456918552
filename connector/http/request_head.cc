#include "connector/http/request_head.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "connector/base/ascii.h"
#include "connector/base/eight_bytes.h"

namespace connector::http {
namespace {

constexpr std::array<std::string_view, 4> written_here = {"Host", "Content-Length", "Connection",
                                                          "Transfer-Encoding"};

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr std::array<bool, 256> token_characters = make_token_table();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return token_characters[static_cast<unsigned char>(c)];
  });
}

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > max_host_length) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return ascii::is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

bool is_target(std::string_view text) {
  return text.starts_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

constexpr std::array<bool, 256> make_value_table() {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < table.size(); ++c) table[c] = c != 0x7f;
  table['\t'] = true;
  return table;
}

constexpr std::array<bool, 256> value_bytes = make_value_table();

bool is_value(std::string_view text) {
  const auto may_be_wrong = [](std::uint64_t eight) {
    return eight_bytes::below(eight, 0x20) | eight_bytes::equal(eight, 0x7f);
  };
  const auto wrong = [](char c) { return !value_bytes[static_cast<unsigned char>(c)]; };
  return eight_bytes::run(text, may_be_wrong, wrong) == text.size();
}

bool expects_body(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "DELETE" && method != "OPTIONS";
}

}  // namespace

std::optional<std::string> find_error(const request& outgoing) {
  if (!is_token(outgoing.method)) return "the method is not a token";
  if (!is_host(outgoing.to.host)) return "the host is not a name or an address";
  if (!is_target(outgoing.target)) {
    return "the path does not start with a slash, or holds a space, a control character or a byte "
           "that must be percent-encoded";
  }
  for (const auto& [name, value] : outgoing.fields) {
    if (!is_token(name)) return "the name of a header is not a token";
    if (!is_value(value)) return "the header " + name + " holds a control character";
    for (std::string_view own : written_here) {
      if (same_name(name, own)) return "the header " + name + " is written by the client";
    }
  }
  return std::nullopt;
}

void write_head(const request& outgoing, std::string& out) {
  std::size_t bytes = 128 + outgoing.target.size() + outgoing.to.host.size();
  for (const auto& [name, value] : outgoing.fields) bytes += name.size() + value.size() + 4;
  out.reserve(out.size() + bytes);
  out.append(outgoing.method).append(1, ' ').append(outgoing.target).append(" HTTP/1.1\r\nHost: ");
  out.append(host_header(outgoing.to)).append("\r\n");
  for (const auto& [name, value] : outgoing.fields) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!outgoing.body.empty() || expects_body(outgoing.method)) {
    out.append("Content-Length: ").append(std::to_string(outgoing.body.size())).append("\r\n");
  }
  out.append("\r\n");
}

}  // namespace connector::http
