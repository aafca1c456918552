// Texts that look like a reference to a secret and are not one: {{secret.X}}, {{Secrets.X}},
// {{secrets X}}, {{secrets.X}. They stay text, and a person should be told. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/secrets/resolver.h"

namespace worker::secrets {

struct near_miss {
  std::string_view text;  // "{{secret.X}}", into the given text
  std::string_view name;  // "X", into the given text
};

// The first one. Its name is one that a secret may have.
std::optional<near_miss> near_miss_in(std::string_view text);

struct near_reference {
  bool of_credentials = false;
  std::string input;  // its name
  // Says where it stands and what to write, without a blank in front.
  std::string sentence;
};

// The first one in the inputs and headers of a task. Headers that hold expressions or names are not
// looked at.
std::optional<near_reference> near_reference_in(const std::vector<task_value>& task);

}  // namespace worker::secrets
