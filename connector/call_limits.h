// The operator's limits for calls of functions: how many at once, how many a second, or none for
// now. The limits of one function count the calls that name it in any way. Part of the door. Plain
// values and pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "connector/allow_list.h"

namespace connector {

// What one call runs: a function, or the host of a function URL.
using limited_target = std::variant<guarded_function, guarded_host>;

struct call_bounds {
  std::optional<std::size_t> at_once;
  std::optional<double> per_second;  // more than zero
  bool paused = false;

  friend bool operator==(const call_bounds&, const call_bounds&) = default;
};

// "5 calls at once, 10 a second"; "paused, 5 calls at once".
std::string text_of(const call_bounds& bounds);

// A pattern with its bounds. Each function that the pattern fits has the bounds for itself.
class call_limit {
 public:
  // `pattern`: of functions as in allow_list, or https://HOST of function URLs. Else what it must
  // be, as a clause for people.
  static std::variant<call_limit, std::string> make(const std::string& pattern, call_bounds bounds);

  [[nodiscard]] bool fits(const limited_target& target) const;
  [[nodiscard]] const std::string& pattern() const { return list_.patterns().front(); }
  [[nodiscard]] const call_bounds& bounds() const { return bounds_; }
  // What the pattern stands for when it has no `*`; nothing: it has one, or is an ARN.
  [[nodiscard]] std::optional<limited_target> exact_target() const;

 private:
  call_limit(allow_list list, bool hosts, call_bounds bounds)
      : list_(std::move(list)), hosts_(hosts), bounds_(bounds) {}

  allow_list list_;
  bool hosts_;
  call_bounds bounds_;
};

// In the operator's order. The first that fits a call counts.
using call_limits = std::vector<call_limit>;

// What is counted as one under a limit: "us-east-1/orders", whatever account and qualifier a call
// names, and "host:port" of a function URL.
std::string counted_as(const limited_target& target);

// One limit as metrics show it, over all functions that it fits.
struct limit_figures {
  std::string pattern;
  call_bounds bounds;
  std::size_t under_way = 0;
  std::size_t waiting = 0;        // here, for their turn
  std::uint64_t let_through = 0;  // calls that it let begin
  std::uint64_t postponed = 0;    // calls that it had go back to the engine
};

}  // namespace connector
