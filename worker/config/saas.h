// Camunda's own cloud: where the gateway of a cluster is, and where clients of it log in. Source:
// the builders of the existing clients. Constants and a pure function.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

inline constexpr std::string_view saas_region = "bru-2";  // of clusters whose region is not told
// Defaults of the login when gateway.clusterId is set.
inline constexpr std::string_view saas_token_url = "https://login.cloud.camunda.io/oauth/token";
inline constexpr std::string_view saas_audience = "zeebe.camunda.io";

// "https://CLUSTER.REGION.zeebe.camunda.io:443"
std::string saas_address(std::string_view cluster_id, std::string_view region);

// The rule for a cluster id or a region: one label of a host name. Nothing when it is one.
std::optional<std::string> saas_label_requirement(std::string_view text, std::string_view example);

}  // namespace worker::config
