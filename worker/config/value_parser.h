// From the text of a setting to a value of the setting's type, within its bounds. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connector/base/secret.h"
#include "connector/base/words.h"

namespace worker::config {

enum class setting_type {
  text,
  path,
  address,   // of the gateway
  url,       // http or https, host, port, path
  duration,  // a unit (30s), ISO-8601, or a number alone, which is milliseconds
  size,      // bytes, or a unit (64MB = 64 * 1024 * 1024)
  integer,
  boolean,
  words,    // one of some words
  list,     // separated by commas or line ends; [] is one without items
  entries,  // separated by line ends, or by ; when there is only one line; [] as above
  secret,
};

inline constexpr std::uint64_t kilo = 1024;
inline constexpr std::uint64_t mega = 1024 * kilo;

// The bounds of a value: durations in milliseconds, sizes and texts in bytes. For a list `least` is
// a number of items.
struct value_bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 4096;
  connector::word_list words;
};

struct parsed_value {
  std::string text;  // text, path, address, url, words (as in the table)
  std::chrono::milliseconds duration{};
  bool without_unit = false;  // the duration was a number alone, taken for milliseconds
  std::uint64_t number = 0;   // size, integer
  bool flag = false;
  std::vector<std::string> items;  // list, entries: blanks around each taken off, none empty
  connector::secret_string hidden;
};

// The value, or what it must be: "a duration from 1 s to 15 min, such as 30s or PT30S".
std::variant<parsed_value, std::string> parse_value(std::string_view text, setting_type type,
                                                    const value_bounds& bounds);

// The same for a list, or entries, whose items come one by one.
std::variant<parsed_value, std::string> parse_items(const std::vector<std::string>& items,
                                                    setting_type type, const value_bounds& bounds);

// Whether the text of a list, or of entries, is empty: without even the [] of an empty list.
bool says_nothing(std::string_view text, setting_type type);

// "string", "duration": for tables.
std::string_view name_of(setting_type type);

// "64 MB", "1,000 bytes" without rounding.
std::string human_size(std::uint64_t bytes);

}  // namespace worker::config
