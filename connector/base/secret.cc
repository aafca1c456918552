#include "connector/base/secret.h"

#include <cstring>
#include <utility>

namespace connector {

void wipe(std::string& text) {
  // The capacity, because a shortened string keeps the rest of its bytes.
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

secret_string secret_string::take(std::string& value) {
  secret_string taken{std::string(value)};
  wipe(value);
  return taken;
}

secret_string& secret_string::operator=(const secret_string& other) {
  if (this != &other) {
    if (!empty()) wipe(value_);
    value_ = other.value_;
  }
  return *this;
}

secret_string& secret_string::operator=(secret_string&& other) noexcept {
  if (this != &other) {
    if (!empty()) wipe(value_);
    if (!other.empty()) {
      value_ = std::move(other.value_);
      wipe(other.value_);
    }
  }
  return *this;
}

}  // namespace connector
