// The rows of the settings table by their part of the program, and the short names that rows share.
// For settings_table.cc and the files of rows alone. Constant; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "worker/config/settings_table.h"

namespace worker::config::setting_rows {

using type = setting_type;

// In milliseconds.
constexpr std::uint64_t second = 1000;
constexpr std::uint64_t minute = 60 * second;
constexpr value_bounds of_list{0, 64 * kilo, {}};
constexpr value_bounds of_some{1, 64 * kilo, {}};  // a list with an item at least
constexpr value_bounds of_path{0, 4096, {}};
constexpr value_bounds of_secret{0, 64 * kilo, {}};

std::span<const setting_spec> of_gateway();  // and of the login at it
std::span<const setting_spec> of_jobs();
std::span<const setting_spec> of_aws();
std::span<const setting_spec> of_policy();  // secrets, guards and limits

}  // namespace worker::config::setting_rows
