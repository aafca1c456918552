// Reads the credential profiles of the configuration file. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "worker/config/credential_profiles.h"
#include "worker/config/issue.h"
#include "worker/config/yaml.h"

namespace worker::config {

// The mapping `profiles` of the file: name to fields. Reports every issue, also profiles that refer
// to each other in a circle.
std::vector<credential_profile> read_credential_profiles(const yaml_node& mapping,
                                                         std::string_view path,
                                                         file_report& report);

// The fields of a profile of any source, and those of its `assumeRole`.
std::vector<std::string_view> profile_fields();
std::vector<std::string_view> assume_role_fields();

}  // namespace worker::config
