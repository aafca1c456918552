#include "worker/feel/function_table.h"

#include <algorithm>
#include <map>
#include <vector>

namespace worker::feel {

std::size_t function_row::arity() const {
  const auto end = std::find(parameters.begin(), parameters.end(), std::string_view());
  return static_cast<std::size_t>(end - parameters.begin());
}

std::span<const function_family> function_families() {
  static const std::array families{
      function_family{"boolean", boolean_functions()},
      function_family{"conversion", conversion_functions()},
      function_family{"list", list_functions()},
      function_family{"lists to one value", aggregate_functions()},
      function_family{"context", context_functions()},
      function_family{"connector", connector_functions()},
      function_family{"string", string_functions()},
      function_family{"numeric", numeric_functions()},
      function_family{"dates, times and durations", temporal_making_functions()},
      function_family{"calendar and clock", temporal_functions()},
      function_family{"range", range_functions()},
  };
  return families;
}

namespace {

using rows = std::vector<const function_row*>;

const rows& named(std::string_view name) {
  static const auto by_name = [] {
    std::map<std::string_view, rows> all;
    for (const auto& family : function_families()) {
      for (const auto& row : family.rows) all[row.name].push_back(&row);
    }
    return all;
  }();
  static const rows none;
  const auto found = by_name.find(name);
  return found == by_name.end() ? none : found->second;
}

bool has_all(const function_row& row, std::span<const std::string_view> names) {
  return std::all_of(names.begin(), names.end(), [&row](std::string_view each) {
    return !each.empty() &&
           std::find(row.parameters.begin(), row.parameters.end(), each) != row.parameters.end();
  });
}

}  // namespace

const function_row* find_function(std::string_view name, std::size_t arguments) {
  for (const auto* row : named(name)) {
    const auto arity = row->arity();
    if (arity == arguments || (row->variadic && arity < arguments)) return row;
  }
  return nullptr;
}

const function_row* find_function(std::string_view name, std::span<const std::string_view> names) {
  for (const auto* row : named(name)) {
    if (has_all(*row, names)) return row;
  }
  return nullptr;
}

}  // namespace worker::feel
