// The lists about job types: which types are served as which operation, how many jobs of a type may
// run, and the default headers of their tasks. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "worker/config/settings.h"

namespace worker::config {

// Items are "type=operation", or a job type alone that has an operation by default. Fills
// `types`, or returns what the list must be.
std::optional<std::string> read_served_types(const std::vector<std::string>& items,
                                             std::vector<served_type>& types);

// The types served by default in a profile, as items for read_served_types.
std::string default_served_types(std::string_view profile);

// Items are "header=value" or "type:header=value". The value follows the first =; before it the
// last : divides type and header, because types may hold colons.
std::optional<std::string> read_default_headers(const std::vector<std::string>& items,
                                                std::vector<default_header>& headers);

// Items are "type=number": a served type, and a number from 1 to 10,000.
std::optional<std::string> read_active_of_type(const std::vector<std::string>& items,
                                               const std::vector<served_type>& types,
                                               std::map<std::string, int>& active);

// Items are "type=mode", or a mode for all types that are not named: off, offered or required. The
// Spring runtime's true means required and its false off.
std::optional<std::string> read_leases(const std::vector<std::string>& items, job_settings& jobs);

jobs::lease_mode lease_of(const job_settings& jobs, const std::string& job_type);

// The default headers of one job type, name to value. A header of the type wins over one of all
// types. The connector runtime's job type has profile=camunda unless a header says otherwise; the
// others have the setting's profile.
std::map<std::string, std::string> default_headers_of(const job_settings& jobs,
                                                      std::string_view job_type);

}  // namespace worker::config
