// An open file that is closed at the end of its scope. Plain value.
#pragma once

#include <unistd.h>

namespace connector {

class descriptor {
 public:
  // Negative: none.
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { reset(-1); }

  [[nodiscard]] int get() const { return number_; }
  void reset(int number) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }

 private:
  int number_;
};

}  // namespace connector
