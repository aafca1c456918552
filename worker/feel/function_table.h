// The table of built-in functions: one row for each name and parameter list. The evaluator looks
// functions up in it, and the documentation page is made from it. Static data.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "worker/feel/call.h"

namespace worker::feel {

inline constexpr std::size_t max_parameters = 5;

struct function_row {
  std::string_view name;
  // Empty ones at the end do not count.
  std::array<std::string_view, max_parameters> parameters;
  value (*run)(call&);
  std::string_view summary;
  // The last parameter takes all arguments from its place on, as one list. When it is the only one,
  // a single argument that is a list is that list.
  bool variadic = false;

  std::size_t arity() const;
};

// One for each file of a family, functions_FAMILY.cc. Rows of one name are tried in their order.
std::span<const function_row> boolean_functions();
std::span<const function_row> conversion_functions();
std::span<const function_row> string_functions();
std::span<const function_row> list_functions();
std::span<const function_row> aggregate_functions();
std::span<const function_row> context_functions();
std::span<const function_row> numeric_functions();
std::span<const function_row> temporal_functions();
std::span<const function_row> temporal_making_functions();
std::span<const function_row> range_functions();
std::span<const function_row> connector_functions();

struct function_family {
  std::string_view title;
  std::span<const function_row> rows;
};
std::span<const function_family> function_families();

// The first row of that name that takes so many positional arguments; null when there is none.
const function_row* find_function(std::string_view name, std::size_t arguments);
// The first row of that name that has all of these parameters.
const function_row* find_function(std::string_view name, std::span<const std::string_view> named);

}  // namespace worker::feel
