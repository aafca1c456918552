// The names that an expression's own parts bring into scope: loop variables, parameters, entries of
// a context. Frames lie on the evaluator's stack, innermost first; a function keeps copies of those
// it was written in. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "worker/feel/value.h"

namespace worker::feel {

struct frame {
  const frame* outer = nullptr;
  // Parallel: what each of these variables is.
  std::span<const std::string_view> names;
  std::span<const value> values;
  const context* entries = nullptr;  // variables and functions, or null
  const value* within = nullptr;     // a context whose variables and functions count, or null

  std::optional<value> find(std::string_view name) const;
};

// Frames that no longer depend on the stack.
class kept_frames {
 public:
  explicit kept_frames(const frame* innermost);
  // What keeping them takes.
  static std::size_t bytes_of(const frame* innermost);
  // Moving keeps the frames where they are.
  kept_frames(kept_frames&&) = default;
  kept_frames(const kept_frames&) = delete;
  kept_frames& operator=(const kept_frames&) = delete;

  const frame* innermost() const { return frames_.empty() ? nullptr : &frames_.back(); }
  std::uint32_t depth() const { return depth_; }

 private:
  struct kept {
    std::vector<std::string_view> names;
    std::vector<value> values;
    context entries;
    value within;
  };
  std::vector<kept> kept_;
  std::vector<frame> frames_;
  std::uint32_t depth_ = 0;
};

}  // namespace worker::feel
