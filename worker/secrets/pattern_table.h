// The spellings of all values that a redactor knows, and the search for them in a text. The cost of
// a change, and of a copy, does not depend on the length of the values, and hardly on their number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "connector/base/secret.h"
#include "worker/secrets/spellings.h"

namespace worker::secrets {

// The spellings of one value, each once. All copies of a redactor share them, so that a copy of a
// redactor copies no secrets. Empty for a value that is too short.
class secret_forms {
 public:
  explicit secret_forms(const connector::secret_string& value);

  [[nodiscard]] const std::vector<connector::secret_string>& texts() const { return texts_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }  // of all texts

 private:
  std::vector<connector::secret_string> texts_;
  std::size_t bytes_ = 0;
};

class pattern_table {
 public:
  static constexpr std::size_t shortest = shortest_secret;

  struct match {
    std::size_t begin;
    std::size_t end;
  };

  pattern_table() { steps_.fill(widest_step); }

  void add(const std::shared_ptr<const secret_forms>& forms);
  void remove(const std::shared_ptr<const secret_forms>& forms);
  [[nodiscard]] bool empty() const { return patterns_ == 0; }
  // At least as long as each pattern.
  [[nodiscard]] std::size_t longest() const { return longest_; }

  // The first place from `from` on where a pattern begins, and the longest that begins there.
  [[nodiscard]] std::optional<match> next(std::string_view text, std::size_t from) const;
  // The longest end of a pattern, not a whole one, that the text begins with: its length, at least
  // `shortest`, or 0.
  [[nodiscard]] std::size_t rest_at(std::string_view text) const;

 private:
  struct pattern {
    std::uint32_t start;  // its first four bytes
    std::string_view text;
    std::shared_ptr<const secret_forms> of;
  };
  using bucket = std::vector<pattern>;

  bucket& own_bucket(std::size_t slot);
  void note(std::size_t slot, bool there);
  void measure(std::string_view pattern);
  void measure_again();
  void narrow_window(std::size_t to);
  void take_steps_of(std::string_view pattern);
  [[nodiscard]] std::size_t longest_match(std::string_view text) const;

  // By a hash of the first four bytes, which every pattern has. Copies of this table share the
  // buckets until one of them changes. Empty while there is no pattern.
  std::vector<std::shared_ptr<bucket>> buckets_;
  std::vector<std::size_t> used_;  // indices of the buckets that exist
  std::size_t patterns_ = 0;
  std::size_t longest_ = 0;
  // One bit for each value of the hash: a quick answer for text without a match.
  std::array<std::uint64_t, 1024> maybe_{};
  // Where no pattern can begin (Wu and Manber): by another hash of the last four bytes of a window,
  // by how many bytes the search may move the window on. No pattern is shorter than the window.
  static constexpr std::size_t widest_window = 64;
  static constexpr std::uint8_t widest_step = widest_window - shortest + 1;
  std::size_t window_ = widest_window;
  std::array<std::uint8_t, 4096> steps_{};
  std::size_t forgotten_ = 0;  // patterns, since the steps were made
};

}  // namespace worker::secrets
