// Names of environment variables: which spellings are one name, and which are near to another.
// Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace worker::config {

// Upper case without _, - and dots. Spring takes `camunda.client.grpc-address`,
// CAMUNDA_CLIENT_GRPC_ADDRESS and CAMUNDA_CLIENT_GRPCADDRESS for one name; so do we, and the names
// below `camunda.client.zeebe`, which are older, count as those below `camunda.client`.
std::string relaxed_name(std::string_view name);

// Whether the Spring runtime of the existing clients reads names like this one.
bool is_spring_name(std::string_view name);

// Slips of a hand between two texts of at most 64 bytes: a byte too many, too few or wrong, or two
// neighbours changed round.
std::size_t slips(std::string_view a, std::string_view b);

// Whether both are one variable's name: the same text, or two spellings of a Spring name.
bool is_same_variable(std::string_view a, std::string_view b);

// What Kubernetes itself tells pods about services: NAME_SERVICE_HOST, NAME_PORT=tcp://... and the
// like, whatever the service is called.
bool is_of_a_service(std::string_view name, std::string_view value);

// The known name that `name` was probably meant to be; nothing when none is near. Closer than "did
// you mean" of a key or flag, because the environment holds names of other programs.
std::optional<std::string_view> near_variable(std::string_view name,
                                              std::span<const std::string_view> known);

}  // namespace worker::config
