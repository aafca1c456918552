// Counts the bytes that values take, freed or not, and knows when they are more than a bound. It is
// the thread's own while it lives: a value that looks into JSON makes its parts when it is touched,
// and who touches it (an operator, a function, a writer) has no hand on the evaluation. Nodes count
// themselves. Code that builds a text, a list or a context counts what it holds, before it is
// there. One thread; without a bound nothing is counted.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace worker::feel {

// What an allocation of so many bytes takes.
constexpr std::size_t heap_bytes(std::size_t size) { return (size + 23) & ~std::size_t{15}; }

// What a text of so many bytes takes beside its object, which has room for a short one.
inline std::size_t bytes_of_text(std::size_t size) {
  static const auto inside = std::string().capacity();
  return size > inside ? heap_bytes(size + 1) : 0;
}

// What a place in a tree (std::map, std::set) takes: the value and its links.
template <class Tree>
constexpr std::size_t bytes_of_place = heap_bytes(4 * sizeof(void*) +
                                                  sizeof(typename Tree::value_type));

class byte_bound {
 public:
  explicit byte_bound(std::size_t most) : most_(most), outer_(std::exchange(innermost, this)) {}
  byte_bound(const byte_bound&) = delete;
  byte_bound& operator=(const byte_bound&) = delete;
  ~byte_bound() { innermost = outer_; }

  // False when that is too much, and from then on.
  bool spend(std::size_t bytes) {
    made_ += bytes;
    return !broken();
  }
  bool broken() const { return made_ > most_; }
  std::size_t most() const { return most_; }
  std::size_t left() const { return broken() ? 0 : most_ - made_; }

  // The one that was made last; null without one.
  static byte_bound* of_thread() { return innermost; }
  // The same two for the thread's bound.
  static bool count(std::size_t bytes) { return innermost == nullptr || innermost->spend(bytes); }
  static bool is_broken() { return innermost != nullptr && innermost->broken(); }

 private:
  static inline constinit thread_local byte_bound* innermost = nullptr;

  std::size_t made_ = 0;
  std::size_t most_;
  byte_bound* outer_;
};

}  // namespace worker::feel
