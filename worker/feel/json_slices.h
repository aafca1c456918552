// Finds the parts of JSON text that was checked before: where a value ends, what an object or a
// list holds, what a text's escapes mean. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace worker::feel {

// The place behind the value that begins at `at`.
std::size_t end_of_value(std::string_view json, std::size_t at);
std::size_t skip_json_blanks(std::string_view json, std::size_t at);

// Goes through the items of a list.
class json_items {
 public:
  explicit json_items(std::string_view list) : json_(list), at_(skip_json_blanks(list, 1)) {}
  // False behind the last one.
  bool next();
  std::string_view item() const { return item_; }

 private:
  std::string_view json_;
  std::size_t at_;
  std::string_view item_;
};

// Goes through the members of an object.
class json_members {
 public:
  explicit json_members(std::string_view object)
      : json_(object), at_(skip_json_blanks(object, 1)) {}
  bool next();
  std::string_view key() const { return key_; }  // in quotes
  std::string_view value() const { return value_; }

 private:
  std::string_view json_;
  std::size_t at_;
  std::string_view key_;
  std::string_view value_;
};

// Of a text in quotes. Halves of surrogate pairs become U+FFFD.
std::string json_text_of(std::string_view quoted);

// How many bytes json::quote makes of a text.
std::size_t quoted_size(std::string_view text);

}  // namespace worker::feel
