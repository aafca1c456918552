// What regular expressions make of a text, as short texts.
#pragma once

#include <string>
#include <string_view>

#include "worker/feel/regular_expression.h"

namespace worker::feel {

// "yes", "no", "refused", "limit".
inline std::string matches(std::string_view text, std::string_view pattern,
                           std::string_view flags = "") {
  const auto compiled = regular_expression::cached(pattern, flags_of(flags));
  if (!compiled) return "refused";
  const auto found = compiled->finds(text, {});
  return !found ? "limit" : *found ? "yes" : "no";
}

inline std::string replaced(std::string_view text, std::string_view pattern, std::string_view by,
                            std::string_view flags = "") {
  const auto compiled = regular_expression::cached(pattern, flags_of(flags));
  if (!compiled) return "refused";
  const auto result = compiled->replace_all(text, by, {});
  if (result.how == regular_expression::ending::limit_reached) return "limit";
  return result.text.value_or("bad replacement");
}

// All matches, each in angle brackets.
inline std::string found(std::string_view text, std::string_view pattern) {
  std::string all;
  regular_expression::compile(pattern)->each_match(
      text, {}, [&](regular_expression::places places) {
        const auto where = *places.front();
        all += "<" + std::string(text.substr(where.begin, where.end - where.begin)) + ">";
        return true;
      });
  return all;
}

}  // namespace worker::feel
