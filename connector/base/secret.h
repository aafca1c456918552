// A string that must not be seen: prints as ***, is wiped when dropped, is read only by reveal().
// Plain value; one thread at a time.
#pragma once

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace connector {

// Overwrites the bytes of `text` (its whole capacity) and empties it.
void wipe(std::string& text);

class secret_string {
 public:
  secret_string() = default;
  explicit secret_string(std::string value) {
    value_.swap(value);
    wipe(value);                       // a short string leaves its bytes behind when it is moved
    if (value_.empty()) wipe(value_);  // bytes that the caller cleared
  }
  // Wipes the caller's copy as well.
  static secret_string take(std::string& value);
  secret_string(const secret_string&) = default;
  // A moved short string keeps its bytes.
  secret_string(secret_string&& other) noexcept : value_(std::move(other.value_)) {
    if (!empty()) wipe(other.value_);
  }
  secret_string& operator=(const secret_string& other);
  secret_string& operator=(secret_string&& other) noexcept;
  // Most are empty, and those hold no bytes of a secret.
  ~secret_string() {
    if (!empty()) wipe(value_);
  }

  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  friend bool operator==(const secret_string&, const secret_string&) = default;
  friend std::ostream& operator<<(std::ostream& out, const secret_string&) { return out << "***"; }

 private:
  std::string value_;
};

}  // namespace connector

template <>
struct fmt::formatter<connector::secret_string> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const connector::secret_string&, Context& context) const {
    return fmt::formatter<std::string_view>::format("***", context);
  }
};
