// Java's regular expressions over PCRE2: what they find in a text, and texts with that replaced. A
// match that takes too many steps or too much memory ends, and says so. Immutable; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connector/base/clock.h"
#include "worker/feel/java_pattern.h"

namespace worker::feel {

// Those of the letters i, m, s and x that are in the text; others are passed over.
pattern_flags flags_of(std::string_view letters);

struct match_bounds {
  // Steps of one search, and for each byte of the text some more.
  std::uint32_t steps = 1'000'000;
  std::size_t bytes = 64U << 20U;                          // of a text with replacements
  connector::deadline until = connector::deadline::max();  // of all searches in one text
};

class regular_expression {
 public:
  // Nothing when Java refuses the pattern, or PCRE2 cannot do it.
  static std::shared_ptr<const regular_expression> compile(std::string_view pattern,
                                                           pattern_flags flags = {});
  // The same, with those that the calling thread used last still at hand.
  static std::shared_ptr<const regular_expression> cached(std::string_view pattern,
                                                          pattern_flags flags = {});
  ~regular_expression();
  regular_expression(const regular_expression&) = delete;
  regular_expression& operator=(const regular_expression&) = delete;

  enum class ending { done, limit_reached, too_long };

  // From where to where a group was found, in bytes; nothing where it took no part.
  struct place {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  using places = std::span<const std::optional<place>>;

  // Calls `found` with the places of each match, group 0 first, until it gives false. After an
  // empty match the search goes on one character further.
  ending each_match(std::string_view text, const match_bounds& bounds,
                    const std::function<bool(places)>& found) const;

  // Nothing when a bound was broken.
  [[nodiscard]] std::optional<bool> finds(std::string_view text, const match_bounds& bounds) const;

  struct replaced {
    ending how = ending::done;
    std::optional<std::string> text;  // nothing when Java refuses the replacement
  };
  // `replacement` may have $1, ${name} and backslashes before what is meant literally. It is not
  // looked at when nothing is found.
  [[nodiscard]] replaced replace_all(std::string_view text, std::string_view replacement,
                                     const match_bounds& bounds) const;

 private:
  struct library;
  explicit regular_expression(std::unique_ptr<library> of, translated_pattern pattern);

  std::unique_ptr<library> library_;
  std::size_t groups_;
  std::map<std::string, std::size_t, std::less<>> names_;
};

}  // namespace worker::feel
