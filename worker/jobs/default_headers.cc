#include "worker/jobs/default_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/regions.h"
#include "connector/base/words.h"
#include "connector/dotted_input.h"
#include "connector/near_names.h"
#include "worker/jobs/task_headers.h"
#include "worker/secrets/listing.h"
#include "worker/secrets/references.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::input_spec;
using connector::input_type;

namespace {

std::vector<std::string_view> known_names(
    std::span<const connector::operation_spec* const> operations) {
  std::vector<std::string_view> names;
  for (const auto& spec : header_table()) names.push_back(spec.name);
  for (const auto* operation : operations) {
    for (const auto& input : operation->inputs) {
      if (std::find(names.begin(), names.end(), input.name) == names.end()) {
        names.push_back(input.name);
      }
    }
  }
  return names;
}

const input_spec* find_input(std::string_view name,
                             std::span<const connector::operation_spec* const> operations) {
  for (const auto* operation : operations) {
    if (const auto* found = connector::find_input(*operation, name)) return found;
  }
  return nullptr;
}

// The object input that `name` gives a field of, as `authentication.type` does; or nothing.
const input_spec* find_object(std::string_view name,
                              std::span<const connector::operation_spec* const> operations) {
  for (const auto* operation : operations) {
    if (const auto* found = connector::find_object_of(*operation, name)) return found;
  }
  return nullptr;
}

bool refers_to_a_secret(std::string_view value) {
  return !secrets::references_in(value).empty() || secrets::bare_name(value).has_value();
}

// The known header that begins after a comma: the operator separated entries by commas.
std::optional<std::string> header_after_comma(std::string_view value,
                                              const std::vector<std::string_view>& known) {
  for (auto comma = value.find(','); comma != std::string_view::npos;
       comma = value.find(',', comma + 1)) {
    const auto rest = connector::ascii::trim(value.substr(comma + 1));
    const auto name = connector::ascii::trim(rest.substr(0, rest.find('=')));
    if (name.size() == rest.size()) continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) return std::string(name);
  }
  return std::nullopt;
}

// What the connector would report of one field of an object input. `value`: nothing when only the
// task can tell.
std::optional<std::string> wrong_field(const input_spec& object, std::string_view field,
                                       const std::optional<std::string>& value) {
  if (!object.fields.empty() && !connector::contains(object.fields, field)) {
    const std::vector<std::string_view> known(object.fields.begin(), object.fields.end());
    const auto near = connector::nearest(field, known);
    return fmt::format("gives {} a field '{}', which it does not have{}", object.name, field,
                       near ? fmt::format(": did you mean {}?", *near)
                            : fmt::format(". Its fields are {}", fmt::join(known, ", ")));
  }
  if (field == "type" && value && !object.types.empty() &&
      !connector::contains(object.types, *value)) {
    return fmt::format("gives {} a type that does not exist: it must be one of {}", object.name,
                       connector::joined(object.types, ", ", "'"));
  }
  return std::nullopt;
}

// `name`: of a header that gives one field, as `authentication.type`.
std::optional<std::string> wrong_dotted(const input_spec& object, std::string_view name,
                                        std::string_view value) {
  const auto path = name.substr(name.find('.') + 1);
  const auto field = path.substr(0, path.find('.'));
  const bool known = field.size() == path.size() && !refers_to_a_secret(value);
  return wrong_field(object, field, known ? std::optional<std::string>(value) : std::nullopt);
}

std::optional<std::string> wrong_object(const input_spec& object, std::string_view value) {
  if (!json::is_object(value)) return "must be a JSON object";
  for (const auto& member : json::members(value).members) {
    if (auto wrong = wrong_field(object, member.name, json::text_of(member.value))) return wrong;
  }
  return std::nullopt;
}

// What the connector would report for each task, as far as the value alone tells.
std::optional<std::string> wrong_input(const input_spec& spec, std::string_view value) {
  switch (spec.type) {
    case input_type::string:
      if (spec.words.empty() && value.size() > spec.most) {
        return fmt::format("must have {} bytes at most", spec.most);
      }
      if (spec.name == "region" && !connector::is_region(value)) {
        return "must be a region such as eu-central-1";
      }
      if (!spec.words.empty() && !connector::contains(spec.words, value)) {
        return "must be one of " + connector::joined(spec.words, ", ", "'");
      }
      return std::nullopt;
    case input_type::iso_duration: {
      const auto duration = connector::parse_iso_duration(value);
      if (duration && duration->count() > 0) return std::nullopt;
      return "must be an ISO-8601 duration such as PT30S or PT5M";
    }
    case input_type::integer: {
      const auto number = json::is_json(value) ? json::integer_of(value) : std::nullopt;
      if (number && *number >= 1 && static_cast<std::size_t>(*number) <= spec.most) {
        return std::nullopt;
      }
      return fmt::format("must be a whole number from 1 to {}", spec.most);
    }
    case input_type::boolean:
      if (value == "true" || value == "false") return std::nullopt;
      return "must be true or false";
    case input_type::object:
      return wrong_object(spec, value);
    case input_type::any_json:
    case input_type::string_list:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string unknown(std::string_view name, const std::vector<std::string_view>& known) {
  if (const auto near = connector::nearest(name, known)) {
    return fmt::format("header '{}' is unknown here: did you mean {}?", name, *near);
  }
  return fmt::format("header '{}' is unknown here. Headers and inputs are {}", name,
                     fmt::join(known, ", "));
}

}  // namespace

std::optional<std::string> wrong_default_header(
    std::string_view name, std::string_view value,
    std::span<const connector::operation_spec* const> operations) {
  const auto known = known_names(operations);
  const auto* header = find_header(name);
  // `function` is the other name of this input among the bare variables.
  const auto* input = find_input(name == "function" ? "functionName" : name, operations);
  const auto* object = input == nullptr ? find_object(name, operations) : nullptr;
  if (header == nullptr && input == nullptr && object == nullptr) return unknown(name, known);
  if (value.empty()) {
    return fmt::format("header '{}' has no value: give it one, or take the entry away", name);
  }
  if (object != nullptr) {
    const auto wrong = wrong_dotted(*object, name, value);
    return wrong ? std::optional(fmt::format("header '{}' {}", name, *wrong)) : std::nullopt;
  }
  const bool free_text = (input != nullptr && (input->type == input_type::any_json ||
                                               input->type == input_type::object)) ||
                         (header != nullptr && takes_as_expression(*header, value));
  if (const auto next = free_text ? std::nullopt : header_after_comma(value, known)) {
    return fmt::format(
        "header '{}' holds a comma and then '{}=': entries are separated by ; or line ends, not by "
        "commas",
        name, *next);
  }
  if (header != nullptr && refers_to_a_secret(value)) {
    return fmt::format("header '{}' steers the task, so it can refer to no secret", name);
  }
  if (input != nullptr && refers_to_a_secret(value)) return std::nullopt;
  if (header != nullptr && header->type == header_type::secret_list) {
    if (secrets::listing::read(value)) return std::nullopt;
    return fmt::format(
        "header '{}' takes NAME or place:NAME entries separated by commas, {} at most", name,
        secrets::listing::max_entries);
  }
  const auto wrong =
      header != nullptr ? wrong_value(*header, std::string(value)) : wrong_input(*input, value);
  if (!wrong) return std::nullopt;
  return fmt::format("header '{}' {}", name, *wrong);
}

}  // namespace worker::jobs
