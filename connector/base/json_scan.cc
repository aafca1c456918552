#include "connector/base/json_scan.h"

#include "connector/base/ascii.h"
#include "connector/base/json_scanner.h"

namespace connector::json {

std::optional<problem> check(std::string_view text, const limits& limits) {
  json_scanner scan(text, limits);
  if (scan.skip_value(0)) {
    scan.skip_blanks();
    if (!scan.ended()) scan.fail("more text after the value");
  }
  return scan.wrong;
}

kind kind_of(std::string_view value) {
  value = ascii::trim(value);
  switch (value.empty() ? 'n' : value.front()) {
    case '{':
      return kind::object;
    case '[':
      return kind::array;
    case '"':
      return kind::string;
    case 't':
    case 'f':
      return kind::boolean;
    case 'n':
      return kind::null;
    default:
      return kind::number;
  }
}

bool is_object(std::string_view text) { return is_json(text) && kind_of(text) == kind::object; }

members_result members(std::string_view object, const limits& limits) {
  members_result found;
  json_scanner scan(object, limits);
  const auto walk = [&] {
    scan.skip_blanks();
    if (!scan.expect('{', "an object is expected")) return;
    scan.skip_blanks();
    if (!scan.ended() && scan.peek() == '}') {
      ++scan.at;
    } else {
      for (;;) {
        scan.skip_blanks();
        const std::size_t name_at = scan.at;
        if (scan.ended() || scan.peek() != '"') {
          scan.fail("a member name in quotes is missing");
          return;
        }
        if (!scan.skip_string()) return;
        const std::size_t name_end = scan.at;
        scan.skip_blanks();
        if (!scan.expect(':', "a colon is missing after a member name")) return;
        scan.skip_blanks();
        const std::size_t value_at = scan.at;
        if (!scan.skip_value(1)) return;
        if (found.members.size() == limits.members) {
          scan.fail("too many members");
          return;
        }
        found.members.push_back({object.substr(name_at + 1, name_end - name_at - 2),
                                 object.substr(value_at, scan.at - value_at)});
        scan.skip_blanks();
        if (!scan.ended() && scan.peek() == '}') {
          ++scan.at;
          break;
        }
        if (!scan.expect(',', "a comma or closing bracket is missing")) return;
      }
    }
    scan.skip_blanks();
    if (!scan.ended()) scan.fail("more text after the value");
  };
  walk();
  found.wrong = scan.wrong;
  if (found.wrong) found.members.clear();
  return found;
}

std::optional<std::string_view> find(const std::vector<member>& members, std::string_view name) {
  for (auto it = members.rbegin(); it != members.rend(); ++it) {
    if (it->name == name) return it->value;
  }
  return std::nullopt;
}

std::vector<std::string_view> elements(std::string_view array, const limits& limits) {
  std::vector<std::string_view> found;
  json_scanner scan(array, limits);
  scan.skip_blanks();
  if (!scan.expect('[', "an array is expected")) return {};
  scan.skip_blanks();
  if (!scan.ended() && scan.peek() == ']') return {};
  for (;;) {
    scan.skip_blanks();
    const std::size_t start = scan.at;
    if (!scan.skip_value(1)) return {};
    if (found.size() < limits.members) found.push_back(array.substr(start, scan.at - start));
    scan.skip_blanks();
    if (!scan.ended() && scan.peek() == ']') return found;
    if (!scan.expect(',', "a comma or closing bracket is missing")) return {};
  }
}

std::string rewrite_strings(
    std::string_view text,
    const std::function<std::optional<std::string>(std::string_view token)>& rewrite) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
    if (end >= text.size()) break;
    ++end;
    if (auto replacement = rewrite(text.substr(at, end - at))) {
      out.append(text.substr(copied, at - copied));
      out.append(*replacement);
      copied = end;
    }
    at = end;
  }
  out.append(text.substr(copied));
  return out;
}

std::string_view describe(kind of) {
  switch (of) {
    case kind::null:
      return "null";
    case kind::boolean:
      return "a boolean";
    case kind::number:
      return "a number";
    case kind::string:
      return "a string";
    case kind::array:
      return "an array";
    case kind::object:
      return "an object";
  }
  return "";
}

}  // namespace connector::json
