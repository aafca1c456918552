// What the rows of the settings table do with a value that was parsed: put it into its member, or
// say what is allowed when it makes no sense. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "worker/config/settings.h"
#include "worker/config/value_parser.h"

namespace worker::config {

using complaint = std::optional<std::string>;

// The plain stores: a member of a part of the settings.
template <auto part, auto member>
complaint text_to(settings& all, parsed_value& value) {
  (all.*part).*member = std::move(value.text);
  return std::nullopt;
}
template <auto part, auto member>
complaint secret_to(settings& all, parsed_value& value) {
  (all.*part).*member = std::move(value.hidden);
  return std::nullopt;
}
template <auto part, auto member>
complaint duration_to(settings& all, parsed_value& value) {
  (all.*part).*member = value.duration;
  return std::nullopt;
}
template <auto part, auto member>
complaint size_to(settings& all, parsed_value& value) {
  (all.*part).*member = value.number;
  return std::nullopt;
}
template <auto part, auto member>
complaint flag_to(settings& all, parsed_value& value) {
  (all.*part).*member = value.flag;
  return std::nullopt;
}
template <auto part, auto member>
complaint items_to(settings& all, parsed_value& value) {
  (all.*part).*member = std::move(value.items);
  return std::nullopt;
}

// A boolean whose absence means something else than false.
template <auto part, auto member>
complaint choice_to(settings& all, parsed_value& value) {
  (all.*part).*member = value.flag;
  return std::nullopt;
}

// Those that look closer; each is named after its setting.
complaint address_to(settings& all, parsed_value& value);
complaint types_to(settings& all, parsed_value& value);
complaint headers_to(settings& all, parsed_value& value);
complaint active_of_type_to(settings& all, parsed_value& value);
complaint sources_to(settings& all, parsed_value& value);
complaint prefix_to(settings& all, parsed_value& value);
complaint data_to(settings& all, parsed_value& value);
complaint level_to(settings& all, parsed_value& value);
complaint format_to(settings& all, parsed_value& value);
complaint sts_style_to(settings& all, parsed_value& value);
complaint role_arn_to(settings& all, parsed_value& value);
complaint role_external_id_to(settings& all, parsed_value& value);
complaint role_session_name_to(settings& all, parsed_value& value);
complaint role_duration_to(settings& all, parsed_value& value);
complaint config_file_to(settings& all, parsed_value& value);
complaint functions_to(settings& all, parsed_value& value);
complaint hosts_to(settings& all, parsed_value& value);
complaint roles_to(settings& all, parsed_value& value);
complaint profiles_to(settings& all, parsed_value& value);
complaint secret_names_to(settings& all, parsed_value& value);
complaint references_to(settings& all, parsed_value& value);
complaint listen_to(settings& all, parsed_value& value);
complaint active_to(settings& all, parsed_value& value);
// Keys are taken from the environment as a whole (load.cc); their rows stand in the table to be
// documented.
complaint nothing(settings& all, parsed_value& value);

}  // namespace worker::config
