// Looks at JSON text without turning it into a document: is it one value, where do the members of
// an object lie. One iterative pass, no allocation per value, so a payload of megabytes is carried
// as the bytes it came in. Grammar: RFC 8259, except that lone surrogate escapes (\ud800) pass, as
// they do at the engine. Pure. The views that are returned point into the text that was given.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector::json {

struct limits {
  // Deeper documents are refused: a few kilobytes of nested brackets were seen to end a broker.
  std::size_t depth = 500;
  // Refuse integers outside -2^63 .. 2^64-1, which the engine cannot keep.
  bool integers_fit = false;
  // Of one object or array that is taken apart: five bytes of text become 32 of memory each.
  std::size_t members = 100'000;
};

struct problem {
  std::size_t offset = 0;   // in bytes from the start of the text
  std::string_view reason;  // such as "nested deeper than 500 levels"; static text
};

// What is wrong with `text` as exactly one JSON value in valid UTF-8; nothing when it is right.
std::optional<problem> check(std::string_view text, const limits& limits = {});

// Whether `text` is exactly one JSON value (blanks around it allowed).
inline bool is_json(std::string_view text) { return !check(text).has_value(); }

enum class kind { null, boolean, number, string, array, object };

// By the first byte of a value that passed a check; blanks before it are skipped.
kind kind_of(std::string_view value);

// Whether `text` is exactly one JSON value, and that an object.
bool is_object(std::string_view text);

// "an object", "a number": for messages.
std::string_view describe(kind type);

struct member {
  std::string_view name;   // the bytes between the quotes, escapes not resolved
  std::string_view value;  // the value's bytes without blanks around it
};

// The members of an object in order, duplicates included; or what is wrong with the text, more than
// `limits.members` of them too.
struct members_result {
  std::vector<member> members;
  std::optional<problem> wrong;
};
members_result members(std::string_view object, const limits& limits = {});

// The last member of that name (escapes in names are compared as written), as the engine and most
// readers resolve duplicates; nothing when there is none.
std::optional<std::string_view> find(const std::vector<member>& members, std::string_view name);

// The elements of an array, the first `limits.members` of them; empty when `array` is not an array.
std::vector<std::string_view> elements(std::string_view array, const limits& limits = {});

// Calls `rewrite` with each string token of checked JSON text (quotes included; names of members
// too). What it returns replaces the token; nothing keeps it. All other bytes stay as they are.
std::string rewrite_strings(
    std::string_view text,
    const std::function<std::optional<std::string>(std::string_view token)>& rewrite);

}  // namespace connector::json
