// The last column of the settings table: functions that put a parsed value into its member, or say
// what the value must be. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "worker/config/settings.h"
#include "worker/config/value_parser.h"

namespace worker::config {

// The rule that the value breaks: the end of "It must be ...". Nothing when it is right.
using requirement = std::optional<std::string>;

// The plain stores: the parsed value into a member of a part of the settings. The member of a flag
// may be optional: then no value does not mean false.
template <auto part, auto member, auto from>
requirement stored(settings& all, parsed_value& value) {
  (all.*part).*member = std::move(value.*from);
  return std::nullopt;
}
template <auto part, auto member>
constexpr auto text_to = stored<part, member, &parsed_value::text>;
template <auto part, auto member>
constexpr auto secret_to = stored<part, member, &parsed_value::hidden>;
template <auto part, auto member>
constexpr auto duration_to = stored<part, member, &parsed_value::duration>;
template <auto part, auto member>
constexpr auto size_to = stored<part, member, &parsed_value::number>;
template <auto part, auto member>
constexpr auto flag_to = stored<part, member, &parsed_value::flag>;
template <auto part, auto member>
constexpr auto items_to = stored<part, member, &parsed_value::items>;

// The stores that check the value; each is named after its setting.
requirement region_to(settings& all, parsed_value& value);
requirement address_to(settings& all, parsed_value& value);
requirement cluster_id_to(settings& all, parsed_value& value);
requirement cluster_region_to(settings& all, parsed_value& value);
requirement physical_tenant_to(settings& all, parsed_value& value);
requirement profile_to(settings& all, parsed_value& value);
requirement login_method_to(settings& all, parsed_value& value);
requirement types_to(settings& all, parsed_value& value);
requirement headers_to(settings& all, parsed_value& value);
requirement leases_to(settings& all, parsed_value& value);
requirement active_of_type_to(settings& all, parsed_value& value);
requirement sources_to(settings& all, parsed_value& value);
requirement prefix_to(settings& all, parsed_value& value);
requirement data_to(settings& all, parsed_value& value);
requirement tenants_to(settings& all, parsed_value& value);
requirement level_to(settings& all, parsed_value& value);
requirement format_to(settings& all, parsed_value& value);
requirement sts_style_to(settings& all, parsed_value& value);
requirement role_arn_to(settings& all, parsed_value& value);
requirement role_external_id_to(settings& all, parsed_value& value);
requirement role_session_name_to(settings& all, parsed_value& value);
requirement role_duration_to(settings& all, parsed_value& value);
requirement config_file_to(settings& all, parsed_value& value);
requirement functions_to(settings& all, parsed_value& value);
requirement hosts_to(settings& all, parsed_value& value);
requirement roles_to(settings& all, parsed_value& value);
requirement profiles_to(settings& all, parsed_value& value);
requirement secret_names_to(settings& all, parsed_value& value);
requirement references_to(settings& all, parsed_value& value);
requirement limits_to(settings& all, parsed_value& value);
requirement listen_to(settings& all, parsed_value& value);
requirement attempts_to(settings& all, parsed_value& value);
requirement active_to(settings& all, parsed_value& value);
// For keys: load.cc takes them from the environment all together; the rows only document them.
requirement not_stored(settings& all, parsed_value& value);

}  // namespace worker::config
