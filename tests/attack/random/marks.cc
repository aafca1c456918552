#include "tests/attack/random/marks.h"

#include <fmt/format.h>

#include <algorithm>

namespace attack {
namespace {

std::string base64(std::string_view bytes, bool for_urls) {
  const std::string_view letters =
      for_urls ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
               : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    const auto count = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? letters[(group >> (18U - 6U * i)) & 63U] : '=';
    }
  }
  return out;
}

std::string in_lines(const std::string& text, std::size_t width, std::string_view end) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += width) {
    if (at > 0) out += end;
    out += text.substr(at, width);
  }
  return out;
}

// JSON as .NET, Go, Gson and others write it: which characters become \uXXXX, and in which case.
std::string json_as(std::string_view text, std::string_view escaped, bool upper) {
  std::string out;
  for (const char c : text) {
    if (escaped.find(c) != std::string_view::npos) {
      out += upper ? fmt::format("\\u{:04X}", static_cast<unsigned char>(c))
                   : fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string percent(std::string_view text, std::string_view kept, bool upper, bool plus) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kept.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ' && plus) {
      out += '+';
    } else {
      out += upper ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                   : fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string without_breaks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n' || text[at] == '\r') continue;
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r')) {
      ++at;
      continue;
    }
    out += text[at];
  }
  return out;
}

}  // namespace

std::vector<secret> secrets_of(std::uint64_t seed) {
  // Before and after the mark: what JSON, URLs and headers escape.
  static const std::vector<std::string> around = {"+/=&", "<a>'", "\"q\\", " %25",
                                                  "a:b@", "-._~", "x"};
  std::vector<secret> out;
  for (std::uint64_t number = 0; number < 8; ++number) {
    dice from(seed, 77, number);
    secret one;
    one.name = fmt::format("ATTACK_{}", number);
    one.mark = fmt::format("Mk{:012x}q{}", from.next() & 0xFFFFFFFFFFFFU, number);
    one.value = from.one_of(around) + one.mark + from.one_of(around);
    out.push_back(std::move(one));
  }
  return out;
}

std::string spelled(dice& from, const std::string& value) {
  switch (from.below(14)) {
    case 0:
      return json_as(value, "", false);
    case 1:  // System.Text.Json
      return json_as(value, "\"&'+<>`", true);
    case 2:  // Go
      return json_as(value, "&<>", false);
    case 3:  // Gson
      return json_as(value, "&'<=>", false);
    case 4:
      return json_as(json_as(value, "", false), "", false);
    case 5:
      return json_as(json_as(value, "&<>", false), "", false);
    case 6:
      return percent(value, "-._~", true, false);
    case 7:
      return percent(value, "-._~", false, false);
    case 8:
      return percent(value, "-._~/", true, false);
    case 9:
      return percent(value, "-._*", true, true);
    case 10:
      return base64(value, false);
    case 11:
      return base64(value, true);
    case 12:
      return in_lines(base64(value, false), 76, "\r\n");
    default:
      return value;
  }
}

std::string json_inside(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<sight> seen_in(std::string_view text, const std::vector<secret>& all) {
  std::vector<sight> out;
  const auto joined = without_breaks(text);
  for (const auto& each : all) {
    // The last group may be padded or not: it is left out.
    const auto whole_groups = each.value.size() / 3 * 4;
    for (const auto& form : {each.mark, base64(each.value, false).substr(0, whole_groups),
                             base64(each.value, true).substr(0, whole_groups)}) {
      const auto at = joined.find(form);
      if (at == std::string::npos) continue;
      const auto begin = at < 60 ? 0 : at - 60;
      out.push_back({each.name, joined.substr(begin, at - begin + form.size() + 60)});
      break;
    }
  }
  return out;
}

}  // namespace attack
