// Inputs of an INVOKE task as pairs of name and JSON text, and what reading them gives.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "connector/lambda/invoke/invoke_input.h"

namespace connector::lambda {

using named = std::vector<std::pair<std::string, std::string>>;  // name, JSON text

inline std::vector<input_value> inputs(named values) {
  std::vector<input_value> out;
  for (auto& [name, value] : values) out.push_back({name, value});
  return out;
}

inline result<invoke_input> read(named values) {
  return read_invoke_input(inputs(std::move(values)));
}

// With a function name, and this.
inline result<invoke_input> read_with(const std::string& name, const std::string& value) {
  return read({{"functionName", "\"f\""}, {name, value}});
}

inline std::string complaint(const result<invoke_input>& of) {
  return of ? "(none)" : of.error().message;
}

}  // namespace connector::lambda
