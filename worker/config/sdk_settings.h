// Settings of the AWS SDKs that are no settings of this worker: those that mean nothing for it, and
// those that would change what an SDK does, which are warned about. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace worker::config {

struct sdk_setting {
  std::string_view variable;
  std::string_view key;  // in the shared config file of the AWS tools; empty: it is not there
  // Whether this value would change what is called, how or as whom; null: no value would.
  bool (*changes)(std::string_view value) = nullptr;
  std::string_view instead{};  // what the worker does, or what to set; a clause
};

std::span<const sdk_setting> sdk_settings();
// Null when the table has no such variable.
const sdk_setting* find_sdk_setting(std::string_view variable);
// Empty when the value changes nothing. `source`: where it stands.
std::string sdk_warning(const sdk_setting& setting, std::string_view source,
                        std::string_view value);

// The application id as it goes into the User-Agent: at most 50 characters, and those that no token
// of HTTP has become hyphens, as in the SDKs.
std::string sent_app_id(std::string_view id);
// Empty when the id is sent as it is.
std::string app_id_warning(std::string_view source, std::string_view id);

// The most requests for one call within one activation. Fewer can be set, more cannot: the job has
// retries of its own.
inline constexpr int most_attempts = 4;
inline constexpr int longest_max_attempts = 1000;  // that is taken for a number of attempts
// Empty when all of them are made.
std::string attempts_warning(std::string_view source, int attempts);

}  // namespace worker::config
