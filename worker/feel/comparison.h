// Equality and order of values. Pure, but for the work that is counted.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>

#include "worker/feel/call.h"
#include "worker/feel/value.h"

namespace worker::feel {

// What it costs to look through a text, in steps; 0 for short ones and for all other kinds. Of two,
// to compare them.
std::size_t steps_of(const value& text);
std::size_t steps_of(const value& left, const value& right);
// The same for a glance at each of so many items, and for bringing them into order.
std::size_t steps_of_glances(std::size_t items);
std::size_t steps_of_sorting(std::size_t items);

// As `=` has it: nothing when the values cannot be compared. Inside of lists and contexts what
// cannot be compared is unequal.
std::optional<bool> equal(const value& left, const value& right, work& counted);

// As `list contains` and `in` have it: a context that the expression wrote is only equal to itself.
bool same(const value& left, const value& right, work& counted);

// Whether values of this kind have an order; of a list, whether its items have and are of one kind.
// False also when a limit is reached.
bool is_ordered(const value& of, work& counted);

// The order of two values of one ordered kind; nothing for lists, of which FEEL knows no order.
std::optional<std::strong_ordering> order(const value& left, const value& right);

}  // namespace worker::feel
