// What a built-in function sees of one call: its arguments and the services of the evaluation.
// Lives for the call. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/feel/value.h"

namespace worker::feel {

struct environment;

// Work is counted, so that an evaluation ends.
class work {
 public:
  virtual ~work() = default;
  // Counts so many steps (one for each item looked at); false when a limit is reached.
  virtual bool spend(std::size_t steps) = 0;
  // Counts bytes that are about to be built (byte_bound.h); false when a limit is reached.
  virtual bool spend_bytes(std::size_t bytes) = 0;
  // The bytes of the items of a list.
  bool spend_items(std::size_t count) { return spend_bytes(count * sizeof(value)); }

  // Makes room for more items of a list, or more bytes of a text, and counts it before.
  template <class Growing>
  bool grow(Growing& what, std::size_t more) {
    const auto room = what.capacity();
    if (more <= room - what.size()) return true;
    const auto wanted = std::max(what.size() + more, 2 * room);
    if (!spend_bytes((wanted - room) * sizeof(typename Growing::value_type))) return false;
    what.reserve(wanted);
    return true;
  }
};

class call : public work {
 public:
  explicit call(std::span<const value> arguments) : arguments_(arguments) {}

  // Positional and complete: a row's parameters each have one, and what a variadic row takes beyond
  // them is one list at the last place. Arguments left out of a named call are null.
  std::span<const value> arguments() const { return arguments_; }
  std::size_t size() const { return arguments_.size(); }
  const value& operator[](std::size_t at) const { return arguments_[at]; }
  bool is(std::size_t at, kind type) const { return arguments_[at].is(type); }
  // Whether the first `count` arguments are.
  bool are_numbers(std::size_t count) const;

  // The call gives null, and a warning says why. What most functions give for a wrong type or null.
  value no_match() const;
  value null_because(std::string why) const { return value::error(std::move(why)); }

  // The whole evaluation fails, as it does where FEEL-Scala throws. The value returned is of no
  // consequence.
  virtual value fail(std::string why) = 0;
  // Whether the evaluation has failed or reached a limit: loops end then.
  virtual bool stopped() const = 0;

  // How many more bytes may be built.
  virtual std::size_t bytes_left() const = 0;

  // A list or a context whose bytes were counted, when it is not nested too deep.
  value list(std::vector<value> items) { return checked(value(std::move(items))); }
  value context_of(context entries) { return checked(value(std::move(entries))); }
  // A copy, counted before.
  value string(std::string_view text);

  // Calls a function of the expression. Its arity is the caller's business. What fails in it is an
  // error value.
  virtual value invoke(const value& function, std::span<const value> arguments) = 0;
  virtual std::size_t parameters_of(const value& function) const = 0;

  virtual const environment& surroundings() const = 0;

 protected:
  virtual value checked(value built) = 0;

 private:
  std::span<const value> arguments_;
};

}  // namespace worker::feel
