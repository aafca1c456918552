// Masks secret values in text that leaves the program: as they are, JSON-escaped, base64 at any
// alignment, URL-encoded. Values shorter than 4 bytes are not masked: they would mask ordinary
// text. A redactor that is no longer changed may be read by any thread; the registry is for all
// threads.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "connector/base/secret.h"

namespace worker::secrets {

class redactor {
 public:
  static constexpr std::size_t shortest = 4;

  redactor() = default;
  explicit redactor(const std::vector<connector::secret_string>& values);

  void add(const connector::secret_string& value);
  [[nodiscard]] bool empty() const { return patterns_.empty(); }

  // Every occurrence becomes ***; overlapping ones become one. Text without any stays as it is.
  [[nodiscard]] std::string mask(std::string text) const;
  // The same for text that was cut out of a longer one: a value whose beginning was cut off, and of
  // which at least `shortest` bytes are left at the start, is masked as well.
  [[nodiscard]] std::string mask_cut(std::string text) const;

 private:
  [[nodiscard]] std::size_t rest_at_start(std::string_view text) const;
  void add_pattern(const std::string& pattern);
  [[nodiscard]] std::size_t longest_match(std::string_view text) const;

  std::vector<connector::secret_string> patterns_;
  // By the first four bytes, which every pattern has; the bits say quickly that there is none.
  std::unordered_multimap<std::uint32_t, std::size_t> by_start_;
  std::array<std::uint64_t, 1024> maybe_{};
};

// The values seen by this process, for the log's hook and for all text that goes to the engine.
// Any thread; adding is meant for the loop's thread and is cheap for a value that is known already.
class redaction_registry {
 public:
  // Values beyond this many push out the oldest: rotation must not grow the process for ever.
  static constexpr std::size_t most_values = 1000;

  redaction_registry();
  ~redaction_registry();
  redaction_registry(const redaction_registry&) = delete;
  redaction_registry& operator=(const redaction_registry&) = delete;

  void add(const connector::secret_string& value);
  void add(const std::vector<connector::secret_string>& values);
  [[nodiscard]] std::string mask(std::string text) const;
  [[nodiscard]] std::string mask_cut(std::string text) const;

 private:
  // Touched by adding alone; the views point into the list, oldest first.
  std::list<connector::secret_string> values_;
  std::unordered_set<std::string_view> known_;
  std::shared_ptr<const redactor> current_;  // swapped whole, see redactor.cc
};

}  // namespace worker::secrets
