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

// What to look for to find one value: each of its spellings once. Shared by all copies of a
// redactor, so that a copy costs no copy of secrets. Empty for a value that is too short.
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

  redactor() = default;
  explicit redactor(const std::vector<connector::secret_string>& values);

  void add(const connector::secret_string& value);
  // The cost of these two, and of a copy, does not grow with the length of the values, and hardly
  // with their number: they are meant for a redactor that is replaced by a changed copy.
  void add(const std::shared_ptr<const secret_forms>& forms);
  void remove(const std::shared_ptr<const secret_forms>& forms);
  [[nodiscard]] bool empty() const { return patterns_ == 0; }

  // Whether there is anything to mask.
  [[nodiscard]] bool finds(std::string_view text) const;
  // Every occurrence becomes ***; overlapping ones become one. Text without any stays as it is.
  [[nodiscard]] std::string mask(std::string text) const;
  // The same for JSON text: each string is masked as the text that it stands for, and then the
  // whole, for a value that is no string or lies across several. What comes back may be no JSON.
  [[nodiscard]] std::string mask_json(std::string text) const;
  // The first `most` bytes of the text as it is, or as many more as belong to an occurrence that
  // lies across the end: what is cut leaves no front of a value behind that would not be known for
  // one any more. No character is cut in two. Costs what the part costs that is needed.
  [[nodiscard]] std::string front(std::string_view text, std::size_t most) const;
  // The same as mask() for text that was cut out of a longer one: a value whose beginning was cut
  // off, and of which at least `shortest` bytes are left at the start, is masked as well. The cut
  // may have gone through a character or an escape, whose rest stands in front of it then.
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
  [[nodiscard]] std::size_t longest_match(std::string_view text) const;
  bool find_in(const reading& in, parts& out, bool first_only) const;
  [[nodiscard]] parts found_in(std::string_view text) const;
  [[nodiscard]] std::size_t rest_at(std::string_view text) const;
  [[nodiscard]] std::size_t rest_at_start(std::string_view text) const;
  // Overlapping parts are made one; they come back in order.
  static void put_in_order(parts& of);
  static std::string hidden(std::string text, const parts& what);

  // By a hash of the first four bytes, which every pattern has; shared with the copies of this
  // redactor until they are changed. None at all while there is no pattern.
  std::vector<std::shared_ptr<bucket>> buckets_;
  std::vector<std::size_t> used_;  // which of them are there
  std::size_t patterns_ = 0;
  std::size_t blanks_ = 0;   // patterns with a blank, which a form writes as +
  std::size_t longest_ = 0;  // at least as long as each pattern
  // One bit for each value of the hash: says quickly that there is none.
  std::array<std::uint64_t, 1024> maybe_{};
};

}  // namespace worker::secrets
