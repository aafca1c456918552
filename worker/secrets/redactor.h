// Masks secret values in text that leaves the program, in every spelling of spellings.h and every
// reading of readings.h. Values shorter than 4 bytes are not masked: they would mask ordinary text.
// A redactor that is no longer changed may be read by any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/secret.h"
#include "worker/secrets/spellings.h"

namespace worker::secrets {

class reading;

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

class redactor {
 public:
  static constexpr std::size_t shortest = shortest_secret;

  redactor() { steps_.fill(widest_step); }
  explicit redactor(const std::vector<connector::secret_string>& values);

  void add(const connector::secret_string& value);
  // The cost of these two, and of copying a redactor, does not depend on the length of the values,
  // and hardly on their number: the registry replaces its redactor by a changed copy.
  void add(const std::shared_ptr<const secret_forms>& forms);
  void remove(const std::shared_ptr<const secret_forms>& forms);
  [[nodiscard]] bool empty() const { return patterns_ == 0; }

  // Whether the text holds a value.
  [[nodiscard]] bool finds(std::string_view text) const;
  // Every occurrence becomes ***; overlapping ones become one. Text without any stays as it is.
  [[nodiscard]] std::string mask(std::string text) const;
  // The same for JSON text: each string is masked as the text that it means, and then the whole
  // text, for values that are no strings or that span several strings. The result may be no JSON.
  [[nodiscard]] std::string mask_json(std::string text) const;
  // The first `most` bytes of the text, unmasked; more when a value crosses that end, up to the end
  // of the value: the beginning of a value alone would not be recognised by a later mask(). No
  // character is cut in two. The cost depends on the bytes needed, not on the whole text.
  [[nodiscard]] std::string front(std::string_view text, std::size_t most) const;
  // mask() for text that was cut out of a longer one. A value whose beginning was cut off is masked
  // too, when at least `shortest` bytes of it are left at the start. The cut may have split a
  // character or an escape; the rest of that stands before the rest of the value.
  [[nodiscard]] std::string mask_cut(std::string text) const;

 private:
  struct pattern {
    std::uint32_t start;  // its first four bytes
    std::string_view text;
    std::shared_ptr<const secret_forms> of;
  };
  using bucket = std::vector<pattern>;
  // A part of the text that was given, to be hidden.
  struct part {
    std::size_t begin;
    std::size_t end;
  };
  using parts = std::vector<part>;

  bucket& own_bucket(std::size_t slot);
  void note(std::size_t slot, bool there);
  void measure(std::string_view pattern);
  void measure_again();
  void narrow_window(std::size_t to);
  void take_steps_of(std::string_view pattern);
  [[nodiscard]] std::size_t longest_match(std::string_view text) const;
  bool find_in(const reading& in, parts& out, bool first_only) const;
  [[nodiscard]] parts found_in(std::string_view text) const;
  [[nodiscard]] std::size_t rest_at(std::string_view text) const;
  [[nodiscard]] std::size_t rest_at_start(std::string_view text) const;
  // Sorts the parts and merges overlapping ones.
  static void put_in_order(parts& of);
  static std::string hidden(std::string text, const parts& masked);

  // By a hash of the first four bytes, which every pattern has. Copies of this redactor share the
  // buckets until one of them changes. Empty while there is no pattern.
  std::vector<std::shared_ptr<bucket>> buckets_;
  std::vector<std::size_t> used_;  // indices of the buckets that exist
  std::size_t patterns_ = 0;
  std::size_t blanks_ = 0;   // patterns with a blank, which a form writes as +
  std::size_t longest_ = 0;  // at least as long as each pattern
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
