// Inputs with a dotted name, such as authentication.secretAccessKey: they give one field of another
// input, which is an object. Custom headers of such names are inputs. Part of the door. Pure.
#pragma once

#include <string_view>

#include "connector/operations.h"

namespace connector {

// The object input of which `dotted_name` is one field: authentication of authentication.type. Null
// when there is none.
inline const input_spec* find_object_of(const operation_spec& of, std::string_view dotted_name) {
  const auto dot = dotted_name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto* const spec = find_input(of, dotted_name.substr(0, dot));
  return spec != nullptr && spec->type == input_type::object ? spec : nullptr;
}

}  // namespace connector
