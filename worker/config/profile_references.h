// How credential profiles refer to each other. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "worker/config/credential_profiles.h"
#include "worker/config/mistake.h"

namespace worker::config {

// Follows source: profile from each one: what is not there, and what is reached twice, is wrong.
void check_profile_references(const std::vector<credential_profile>& all, std::string_view path,
                              file_report& report);

}  // namespace worker::config
