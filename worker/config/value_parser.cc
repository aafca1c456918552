#include "worker/config/value_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/duration.h"
#include "connector/base/number.h"
#include "worker/config/address.h"

namespace worker::config {

namespace ascii = connector::ascii;

namespace {

using std::chrono::milliseconds;

struct unit {
  std::string_view name;  // lower case
  std::uint64_t factor;
};
constexpr unit time_units[] = {{"", 1},       {"ms", 1},       {"s", 1000},
                               {"m", 60'000}, {"min", 60'000}, {"h", 3'600'000}};
constexpr unit size_units[] = {{"", 1},
                               {"b", 1},
                               {"kb", kilo},
                               {"k", kilo},
                               {"mb", kilo* kilo},
                               {"m", kilo* kilo},
                               {"gb", kilo* kilo* kilo},
                               {"g", kilo* kilo* kilo}};

// Digits and a unit; nothing when it is something else or does not fit.
template <std::size_t count>
std::optional<std::uint64_t> with_unit(std::string_view text, const unit (&units)[count]) {
  const auto number = connector::take_integer<std::uint64_t>(text, UINT64_MAX);
  if (!number) return std::nullopt;
  const auto rest = ascii::lower(ascii::trim(text));
  for (const auto& each : units) {
    if (each.name != rest) continue;
    if (*number > UINT64_MAX / each.factor) return std::nullopt;
    return *number * each.factor;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> milliseconds_of(std::string_view text) {
  if (const auto number = with_unit(text, time_units)) return number;
  const auto iso = connector::parse_iso_duration(text);
  if (!iso) return std::nullopt;
  return static_cast<std::uint64_t>(iso->count());
}

bool within(std::uint64_t value, const value_bounds& bounds) {
  return value >= bounds.least && value <= bounds.most;
}

std::string human_ms(std::uint64_t count) {
  return connector::human(milliseconds(static_cast<std::int64_t>(count)));
}

std::optional<std::string> word_of(std::string_view text, connector::word_list words) {
  const auto found = std::find_if(words.begin(), words.end(), [text](std::string_view word) {
    return ascii::equal_without_case(word, text);
  });
  if (found == words.end()) return std::nullopt;
  return std::string(*found);
}

// "[]", which has no items, told from a text that says nothing.
bool is_empty_list(std::string_view text) {
  text = ascii::trim(text);
  return text.size() >= 2 && text.front() == '[' && text.back() == ']' &&
         ascii::trim(text.substr(1, text.size() - 2)).empty();
}

// As lists are written in YAML. The brackets of an IPv6 address hold a colon.
bool is_in_brackets(std::string_view text) {
  text = ascii::trim(text);
  return text.starts_with('[') && text.find(']') == text.size() - 1 &&
         text.find(':') == std::string_view::npos;
}

std::string_view separators_of(std::string_view text, setting_type type) {
  if (type == setting_type::list) return ",\n";
  return text.find('\n') != std::string_view::npos ? "\n" : ";";
}

// Examples that are allowed themselves.
std::string allowed_duration(const value_bounds& bounds) {
  struct sample {
    std::uint64_t count;
    std::string_view with_unit;
    std::string_view iso;
  };
  constexpr sample samples[] = {
      {30'000, "30s", "PT30S"}, {1'800'000, "30m", "PT30M"}, {500, "500ms", "PT0.5S"}};
  const auto range =
      fmt::format("a duration from {} to {}", human_ms(bounds.least), human_ms(bounds.most));
  for (const auto& each : samples) {
    if (!within(each.count, bounds)) continue;
    return fmt::format("{}, such as {} or {}; a number without a unit is milliseconds", range,
                       each.with_unit, each.iso);
  }
  return range + "; a number without a unit is milliseconds";
}

std::string allowed(setting_type type, const value_bounds& bounds) {
  switch (type) {
    case setting_type::duration:
      return allowed_duration(bounds);
    case setting_type::size:
      return fmt::format("a size from {} to {}, such as 1048576, 512KB or 64MB",
                         human_size(bounds.least), human_size(bounds.most));
    case setting_type::integer:
      return fmt::format("an integer from {} to {}", bounds.least, bounds.most);
    case setting_type::boolean:
      return "true or false";
    case setting_type::words:
      return "one of " + connector::joined(bounds.words, ", ");
    case setting_type::url:
      return "a URL such as https://host:port/path, http or https, without user name and query";
    case setting_type::list:
      return fmt::format(
          "a list of names separated by commas, without brackets around it{}, of at most {} bytes "
          "without control characters",
          bounds.least == 0 ? " ([] alone is an empty one)" : ", of at least one", bounds.most);
    default:
      return fmt::format("a text of at most {} bytes without control characters", bounds.most);
  }
}

bool is_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
}

bool parse_into(parsed_value& value, std::string_view text, setting_type type,
                const value_bounds& bounds) {
  switch (type) {
    case setting_type::duration: {
      const auto count = milliseconds_of(text);
      if (!count || !within(*count, bounds)) return false;
      value.duration = milliseconds(static_cast<std::int64_t>(*count));
      value.without_unit = text.find_first_not_of("0123456789") == std::string_view::npos;
      return true;
    }
    case setting_type::size:
    case setting_type::integer: {
      const unit none[] = {{"", 1}};
      const auto count =
          type == setting_type::size ? with_unit(text, size_units) : with_unit(text, none);
      if (!count || !within(*count, bounds)) return false;
      value.number = *count;
      return true;
    }
    case setting_type::boolean: {
      constexpr std::string_view words[] = {"true", "false"};
      const auto word = word_of(text, words);
      value.flag = word == "true";
      return word.has_value();
    }
    case setting_type::words: {
      const auto word = word_of(text, bounds.words);
      if (word) value.text = *word;
      return word.has_value();
    }
    case setting_type::list:
    case setting_type::entries: {
      if (!is_empty_list(text)) value.items = ascii::items(text, separators_of(text, type));
      if (value.items.size() < bounds.least) return false;
      if (type == setting_type::list && !value.items.empty() && is_in_brackets(text)) return false;
      return text.size() <= bounds.most &&
             std::none_of(value.items.begin(), value.items.end(), is_empty_list) &&
             std::all_of(value.items.begin(), value.items.end(), is_text);
    }
    case setting_type::secret:
      value.hidden = connector::secret_string(std::string(text));
      return text.size() <= bounds.most && is_text(text);
    case setting_type::url:
      if (!parse_http_url(text)) return false;
      [[fallthrough]];
    default:
      value.text = text;
      return text.size() <= bounds.most && is_text(text);
  }
}

}  // namespace

std::variant<parsed_value, std::string> parse_value(std::string_view text, setting_type type,
                                                    const value_bounds& bounds) {
  parsed_value value;
  if (parse_into(value, ascii::trim(text), type, bounds)) return value;
  return allowed(type, bounds);
}

std::variant<parsed_value, std::string> parse_items(const std::vector<std::string>& items,
                                                    setting_type type, const value_bounds& bounds) {
  parsed_value value;
  std::size_t bytes = 0;
  for (const auto& item : items) {
    bytes += item.size();
    if (const auto text = ascii::trim(item); !text.empty() && is_text(text))
      value.items.emplace_back(text);
  }
  if (value.items.size() == items.size() && bytes <= bounds.most && items.size() >= bounds.least) {
    return value;
  }
  return fmt::format("a list of texts, {} bytes together at most; {}", bounds.most,
                     allowed(type, bounds));
}

bool says_nothing(std::string_view text, setting_type type) {
  return ascii::items(text, separators_of(text, type)).empty();
}

std::string_view name_of(setting_type type) {
  switch (type) {
    case setting_type::text:
      return "string";
    case setting_type::path:
      return "path";
    case setting_type::address:
      return "address";
    case setting_type::url:
      return "URL";
    case setting_type::duration:
      return "duration";
    case setting_type::size:
      return "size";
    case setting_type::integer:
      return "integer";
    case setting_type::boolean:
      return "boolean";
    case setting_type::words:
      return "word";
    case setting_type::list:
      return "list";
    case setting_type::entries:
      return "entries";
    case setting_type::secret:
      return "secret";
  }
  return "";
}

std::string human_size(std::uint64_t bytes) {
  if (bytes >= kilo * kilo * kilo && bytes % (kilo * kilo * kilo) == 0) {
    return fmt::format("{} GB", bytes / (kilo * kilo * kilo));
  }
  if (bytes >= kilo * kilo && bytes % (kilo * kilo) == 0) {
    return fmt::format("{} MB", bytes / (kilo * kilo));
  }
  if (bytes >= kilo && bytes % kilo == 0) return fmt::format("{} KB", bytes / kilo);
  return fmt::format("{} bytes", bytes);
}

}  // namespace worker::config
