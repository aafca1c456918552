#include "connector/aws/aws_error.h"

#include <algorithm>
#include <optional>

#include "connector/aws/clock_skew.h"
#include "connector/base/ascii.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/number.h"
#include "connector/base/shortened.h"
#include "connector/base/utf8.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_message = 1000;
constexpr std::size_t max_name = 128;
// Error bodies are small; of a large one only the front is looked at.
constexpr std::size_t max_body = 64 * 1024;

// The first line with something on it, as clean text.
std::string first_line(std::string_view whole, std::size_t most) {
  const auto text = ascii::trim(whole);
  // Every answer has a request id; nothing is to be cleaned in a usual one.
  if (text.size() <= most && ascii::is_printable(text)) return std::string(text);
  const auto line = text.substr(0, most).find_first_of("\r\n");
  auto clean = repaired_utf8(shortened(text, std::min(line, most)));
  std::replace_if(
      clean.begin(), clean.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return shortened(clean, most);
}

// A signature error goes on with the canonical request, session token included; that part must not
// get into messages.
std::string one_line(std::string_view whole, std::size_t most = max_message) {
  return first_line(whole, most);
}

// "ns#Name:http://..." is Name.
std::string bare_name(std::string_view whole) {
  const auto front = shortened(whole, std::min(whole.find(':'), max_body));
  std::string_view name = front;
  for (std::size_t end = name.size(); end > 0; --end) {
    // Not in the middle of a secret.
    if (name[end - 1] != '#' || shortened(name, end).size() != end) continue;
    name.remove_prefix(end);
    break;
  }
  return first_line(name, max_name);
}

std::string text_member(const std::vector<json::member>& members, std::string_view name) {
  const auto value = json::find(members, name);
  if (!value) return {};
  return json::text_of(*value).value_or(std::string());
}

void read_json(const std::vector<json::member>& members, service_failure& found) {
  for (const std::string_view name : {"code", "Code", "__type"}) {
    if (found.name.empty()) found.name = bare_name(text_member(members, name));
  }
  for (const std::string_view name : {"message", "Message", "errorMessage"}) {
    if (found.message.empty()) found.message = one_line(text_member(members, name));
  }
  found.reason = bare_name(text_member(members, "Reason"));
}

// The text of the first <tag>...</tag>; enough for <Code> and <Message> of the XML errors, and for
// the <title> of the page that a proxy answers with.
std::string element(std::string_view body, std::string_view tag) {
  std::string open = "<";
  open.append(tag).append(">");
  const auto start = body.find(open);
  if (start == std::string_view::npos) return {};
  body.remove_prefix(start + open.size());
  const auto end = body.find("</");
  return end == std::string_view::npos ? std::string() : shortened(body, end);
}

void read_text(std::string_view whole, service_failure& found) {
  const auto body = without_mark(whole).substr(0, max_body);
  if (!ascii::trim(body).starts_with('<')) {
    found.message = one_line(whole);
    return;
  }
  if (found.name.empty()) found.name = bare_name(element(body, "Code"));
  for (const std::string_view tag : {"Message", "title", "h1"}) {
    if (found.message.empty()) found.message = one_line(element(body, tag));
  }
}

}  // namespace

std::string request_id_of(const http::response& answer) {
  for (const std::string_view name : {"x-amzn-requestid", "x-amz-request-id"}) {
    if (const auto value = http::find_header(answer.fields, name)) {
      return one_line(*value, max_name);
    }
  }
  return {};
}

std::chrono::milliseconds retry_after_of(const http::headers& fields) {
  constexpr std::uint64_t hour_ms = 3'600'000;
  if (const auto value = http::find_header(fields, "x-amz-retry-after")) {
    if (const auto ms = integer_up_to(ascii::trim(*value), hour_ms)) {
      return std::chrono::milliseconds(*ms);
    }
  }
  if (const auto value = http::find_header(fields, "retry-after")) {
    if (const auto seconds = integer_up_to(ascii::trim(*value), hour_ms / 1000)) {
      return std::chrono::seconds(*seconds);
    }
    // RFC 9110 10.2.3 allows a date. The sender's own clock says how far away it is.
    const auto until = parse_http_date(ascii::trim(*value));
    const auto date = parse_http_date(http::find_header(fields, "Date").value_or(""));
    if (until && date && *until > *date) {
      return std::min(std::chrono::ceil<std::chrono::milliseconds>(*until - *date),
                      std::chrono::milliseconds(hour_ms));
    }
  }
  return std::chrono::milliseconds(0);
}

service_failure read_service_error(const http::response& answer) {
  service_failure found;
  found.status = answer.status;
  found.request_id = request_id_of(answer);
  found.retry_after = retry_after_of(answer.fields);
  if (const auto name = http::find_header(answer.fields, "x-amzn-errortype")) {
    found.name = bare_name(*name);
  }
  const auto body = without_mark(answer.body).substr(0, max_body);
  const auto read = json::members(body);
  if (!read.wrong) {
    read_json(read.members, found);
  } else {
    read_text(answer.body, found);
  }
  return found;
}

}  // namespace connector::aws
