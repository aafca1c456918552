// Functions as the choices of a field of an element template. Pure.
#pragma once

#include <string>
#include <string_view>

namespace worker::cli {

struct function_choices {
  // A JSON array of {"name": what a person reads, "value": the function's name}.
  std::string json;
  bool all = false;  // false: the list stopped before its end
};

// `variables`: the result of ListFunctions with functionName and runtime of each, a checked JSON
// object.
function_choices choices_of(std::string_view variables);

}  // namespace worker::cli
