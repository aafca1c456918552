// Numbers from a seed: the same seed gives the same throws on every machine. Each thing that is
// made has dice of its own, from the run's seed and its own number, so that it does not depend on
// what was made before it. Plain values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attack {

class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}
  // Dice of the thing `number` of the kind `subject`.
  dice(std::uint64_t seed, std::uint64_t subject, std::uint64_t number)
      : state_(mixed(mixed(mixed(seed + 1) + subject) + number)) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    return mixed(state_);
  }
  // 0 .. count - 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool chance(unsigned percent) { return below(100) < percent; }

  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  static constexpr std::uint64_t mixed(std::uint64_t x) {
    x ^= x >> 30U;
    x *= 0xBF58476D1CE4E5B9U;
    x ^= x >> 27U;
    x *= 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }

  std::uint64_t state_;
};

// Bytes of all values, and text as a person or a program might write it.
std::string some_bytes(dice& from, std::size_t count);
std::string some_text(dice& from, std::size_t most);
// A JSON value of any kind, at most `depth` deep and of bounded size.
std::string some_json(dice& from, unsigned depth = 3);
// Text where a parser expects a value: broken, huge, deep, ambiguous.
std::string hostile_json(dice& from);
// The text as a gateway's message can carry it: what is no UTF-8 becomes question marks.
std::string readable(std::string text);

}  // namespace attack
