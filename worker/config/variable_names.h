// Names of environment variables: spellings of one name, and names near to another name. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace worker::config {

// Upper case without _, - and dots. For Spring and for us `camunda.client.grpc-address`,
// CAMUNDA_CLIENT_GRPC_ADDRESS and CAMUNDA_CLIENT_GRPCADDRESS are one name. The older names below
// `camunda.client.zeebe` count as those below `camunda.client`.
std::string relaxed_name(std::string_view name);

// Whether the Spring runtime of the existing clients reads names like this one.
bool is_spring_name(std::string_view name);

// The number of slips between two texts of at most 64 bytes. A slip is a byte too many, too few or
// wrong, or two neighbours in the wrong order.
std::size_t slips(std::string_view a, std::string_view b);

// Whether both name one variable: the same text, or two spellings of a Spring name.
bool is_same_variable(std::string_view a, std::string_view b);

// Whether Kubernetes made the variable for a service: NAME_SERVICE_HOST, NAME_PORT=tcp://... and
// the like, for any name.
bool is_of_a_service(std::string_view name, std::string_view value);

// The known name that `name` was probably meant to be; nothing when none is near. Stricter than the
// "did you mean" of keys and flags, because the environment holds names of other programs.
std::optional<std::string_view> near_variable(std::string_view name,
                                              std::span<const std::string_view> known);

}  // namespace worker::config
