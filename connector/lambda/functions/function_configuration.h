// The part of a function's configuration that leaves the connector: members of a fixed list, named
// as FEEL names things (FunctionName becomes functionName), their values byte for byte. The values
// of its environment variables are other people's secrets and never among them; their names are, as
// environmentNames. Pure. Source: Lambda API reference, FunctionConfiguration.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connector::lambda {

// All that can be asked for, as written in `fields`.
std::span<const std::string_view> configuration_fields();

// The fields that a list of functions shows of each by default.
std::span<const std::string_view> default_fields();

// JSON text of an object with these fields of `configuration`; nothing when it is not an object.
// `all`: fields that are not there are null, instead of left out.
std::optional<std::string> shown_configuration(std::string_view configuration,
                                               const std::vector<std::string>& fields, bool all);

// The members' names at their start in lower case, down to a few levels; anything that is no
// object or list as it is.
std::string with_lower_names(std::string_view value);

}  // namespace connector::lambda
