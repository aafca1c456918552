#include "tests/conformance/sigv4_case.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace conformance {

namespace {

namespace json = connector::json;

// The file without carriage returns and without a line end at its end.
std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.filename().string());
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::erase(text, '\r');
  return text;
}

std::string read_expected(const std::filesystem::path& path) {
  auto text = read_text(path);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::optional<std::string_view> member(std::string_view object, std::string_view name) {
  const auto read = json::members(object);
  if (read.wrong) throw std::runtime_error("context.json is not a JSON object");
  return json::find(read.members, name);
}

std::string text(std::string_view object, std::string_view name) {
  const auto value = member(object, name);
  if (!value) return {};
  return json::text_of(*value).value_or(std::string());
}

bool flag(std::string_view object, std::string_view name, bool otherwise) {
  const auto value = member(object, name);
  if (!value) return otherwise;
  return json::boolean_of(*value).value_or(otherwise);
}

// "2015-08-30T12:36:00Z"
connector::wall_clock::time_point parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2dZ", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    throw std::runtime_error("context.json has no timestamp");
  }
  const std::chrono::sys_days date(std::chrono::year(year) / std::chrono::month(month) /
                                   std::chrono::day(day));
  return date + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

void read_context(const std::string& context, sigv4_case& out) {
  const auto keys = member(context, "credentials").value_or("{}");
  out.access_key_id = text(keys, "access_key_id");
  out.secret_access_key = connector::secret_string(text(keys, "secret_access_key"));
  out.session_token = text(keys, "token");
  out.region = text(context, "region");
  out.service = text(context, "service");
  out.time = parse_time(text(context, "timestamp"));
  out.normalize = flag(context, "normalize", true);
  out.sign_body = flag(context, "sign_body", false);
  out.omit_session_token = flag(context, "omit_session_token", false);
}

// A line up to its end, which is taken off `rest`.
std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void read_request(std::string_view rest, sigv4_case& out) {
  auto line = next_line(rest);
  constexpr std::string_view version = " HTTP/1.1";
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos || !line.ends_with(version) ||
      blank + 1 + version.size() > line.size()) {
    throw std::runtime_error("request.txt has no request line");
  }
  out.method = line.substr(0, blank);
  line.remove_prefix(blank + 1);
  // Not split at blanks: the target may hold some.
  out.target = line.substr(0, line.size() - version.size());
  while (!rest.empty()) {
    line = next_line(rest);
    if (line.empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && !out.fields.empty()) {
      out.fields.back().second.append(" ").append(line);  // goes on from the line before
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) throw std::runtime_error("a header without a colon");
    out.fields.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  out.body = rest;
}

// The header Authorization of a whole signed request.
std::string read_authorization(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return {};
  const auto text = read_text(path);
  constexpr std::string_view name = "Authorization:";
  std::string_view rest = text;
  while (!rest.empty()) {
    auto line = next_line(rest);
    if (line.empty()) break;
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    return std::string(line.substr(std::min(line.find_first_not_of(' '), line.size())));
  }
  throw std::runtime_error("header-signed-request.txt has no Authorization");
}

}  // namespace

std::vector<std::filesystem::path> case_folders(const std::filesystem::path& suite) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(suite)) {
    if (std::filesystem::is_regular_file(entry.path() / "request.txt")) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

sigv4_case read_case(const std::filesystem::path& folder) {
  sigv4_case out;
  out.name = folder.filename().string();
  read_context(read_text(folder / "context.json"), out);
  read_request(read_text(folder / "request.txt"), out);
  out.canonical_request = read_expected(folder / "header-canonical-request.txt");
  out.string_to_sign = read_expected(folder / "header-string-to-sign.txt");
  out.signature = read_expected(folder / "header-signature.txt");
  out.authorization = read_authorization(folder / "header-signed-request.txt");
  return out;
}

}  // namespace conformance
