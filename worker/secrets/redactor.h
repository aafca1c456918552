// Masks secret values in text that leaves the program: as they are, JSON-escaped, base64 at any
// alignment, URL-encoded. Values shorter than 4 bytes are not masked: they would mask ordinary
// text. A redactor that is no longer changed may be read by any thread; the registry is for all
// threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connector/base/secret.h"

namespace worker::secrets {

// What to look for to find one value: each of its forms once. Shared by all copies of a redactor,
// so that a copy costs no copy of secrets. Empty for a value that is too short to be masked.
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
  static constexpr std::size_t shortest = 4;

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
  // The first `most` bytes of what mask() gives, at the cost of the part that is needed for them;
  // no character is cut in two.
  [[nodiscard]] std::string mask_front(std::string_view text, std::size_t most) const;
  // The same as mask() for text that was cut out of a longer one: a value whose beginning was cut
  // off, and of which at least `shortest` bytes are left at the start, is masked as well. A cut
  // inside a character may have left up to three U+FFFD in front of it.
  [[nodiscard]] std::string mask_cut(std::string text) const;

 private:
  struct pattern {
    std::uint32_t start;  // its first four bytes
    std::string_view text;
    std::shared_ptr<const secret_forms> of;
  };
  using bucket = std::vector<pattern>;

  bucket& own_bucket(std::size_t slot);
  void note(std::size_t slot, bool there);
  [[nodiscard]] std::size_t longest_match(std::string_view text) const;
  // Nothing when there is nothing to mask in the part that was looked at.
  [[nodiscard]] std::optional<std::string> masked(std::string_view text, std::size_t most) const;
  [[nodiscard]] std::size_t rest_at_start(std::string_view text) const;

  // By a hash of the first four bytes, which every pattern has; shared with the copies of this
  // redactor until they are changed. None at all while there is no pattern.
  std::vector<std::shared_ptr<bucket>> buckets_;
  std::size_t patterns_ = 0;
  // One bit for each value of the hash: says quickly that there is none.
  std::array<std::uint64_t, 1024> maybe_{};
};

// The values seen by this process, for the log's hook and for all text that goes to the engine.
// Masking: any thread. Adding, and letting go of what add() gave: the loop's thread.
class redaction_registry {
 public:
  // Of values that nobody holds, those used last are kept, within both bounds: rotation must not
  // grow the process for ever. Values that are held are never forgotten.
  static constexpr std::size_t most_values = 1000;
  static constexpr std::size_t most_bytes = 32 * 1024 * 1024;  // of all their forms

  // The value stays known for as long as this lives, whatever else is added.
  using hold = std::shared_ptr<const void>;

  redaction_registry();
  ~redaction_registry();
  redaction_registry(const redaction_registry&) = delete;
  redaction_registry& operator=(const redaction_registry&) = delete;

  // A value that is known already is made young again, which is cheap; a new one costs its forms
  // and a few thousand pointers, however many there are.
  hold add(const connector::secret_string& value);
  void add(const std::vector<connector::secret_string>& values);
  [[nodiscard]] bool finds(std::string_view text) const;
  [[nodiscard]] std::string mask(std::string text) const;
  [[nodiscard]] std::string mask_front(std::string_view text, std::size_t most) const;
  [[nodiscard]] std::string mask_cut(std::string text) const;

 private:
  struct known_value;
  using ages = std::list<std::shared_ptr<const known_value>>;

  void forget_old(redactor& from);

  // Touched by adding alone; the views point into the values.
  ages ages_;  // oldest first
  std::unordered_map<std::string_view, ages::iterator> by_value_;
  std::size_t bytes_ = 0;
  std::shared_ptr<const redactor> current_;  // swapped whole, see redaction_registry.cc
};

}  // namespace worker::secrets
