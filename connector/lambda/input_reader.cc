#include "connector/lambda/input_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/secret.h"
#include "connector/base/shortened.h"
#include "connector/base/utf8.h"
#include "connector/base/words.h"
#include "connector/dotted_input.h"
#include "connector/lambda/object_fields.h"
#include "connector/near_names.h"

namespace connector::lambda {

namespace {

bool is_absent(const input_value& input, input_type type) {
  const auto value = ascii::trim(input.value);
  const bool any_json = type == input_type::any_json;
  return value.empty() || (value == "\"\"" && !(any_json && input.literal_text)) ||
         (value == "null" && !any_json);
}

// authentication.type of authentication.
bool is_field_of(std::string_view dotted_name, std::string_view name) {
  return dotted_name.size() > name.size() && dotted_name.starts_with(name) &&
         dotted_name[name.size()] == '.';
}

// The value of a field. Headers are texts, so an object or a list in one is written as its text;
// any other text stays one.
std::string field_value(input_value field) {
  if (json::kind_of(field.value) != json::kind::string || field.literal_text) return field.value;
  auto inner = json::text_of(field.value);
  if (!inner) return std::move(field.value);
  const auto start = ascii::trim(*inner).substr(0, 1);
  if ((start == "{" || start == "[") && json::is_json(*inner)) field.value.swap(*inner);
  wipe(*inner);
  return std::move(field.value);
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// A name from outside, made safe for a message.
std::string shown(std::string_view name) {
  auto clean = repaired_utf8(shortened(name, 64));
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return clean;
}

// The content of a header: its text instead of the string.
std::string unquoted(const input_value& input) {
  if (json::kind_of(input.value) != json::kind::string) return input.value;
  return json::text_of(input.value).value_or(std::string());
}

// `most`: one more than so many is enough to be refused.
std::optional<std::vector<std::string>> list_of(const std::string& value, std::size_t most) {
  std::vector<std::string> out;
  if (json::kind_of(value) == json::kind::array) {
    for (const auto element : json::elements(value, {.members = most + 1})) {
      auto text = json::text_of(element);
      if (!text) return std::nullopt;
      out.push_back(*std::move(text));
    }
    return out;
  }
  const auto text = json::text_of(value);
  if (!text) return std::nullopt;
  return ascii::items(*text);
}

}  // namespace

error field_error(std::string_view field, std::string_view problem) {
  return bad_input(fmt::format("{}: {}", field, problem));
}

error unknown_field_error(std::string_view where, std::string_view name,
                          const std::vector<std::string_view>& known) {
  auto message = fmt::format("{}{}: there is no such input", where, shown(name));
  if (const auto near = nearest(name, known)) message += fmt::format("; is {} meant?", *near);
  return bad_input(std::move(message));
}

input_reader::input_reader(const operation_spec& of, std::vector<input_value> inputs)
    : of_(of), inputs_(std::move(inputs)) {
  for (const auto& input : inputs_) {
    if (find_input(of_, input.name) != nullptr || find_object_of(of_, input.name) != nullptr) {
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& spec : of_.inputs) known.push_back(spec.name);
    add_error(unknown_field_error("", input.name, known));
  }
}

input_reader::~input_reader() {
  // Keys may lie in here with their secrets resolved. Large values are payloads: not worth the
  // time.
  for (auto& input : inputs_) {
    if (input.value.size() <= 64 * 1024) wipe(input.value);
  }
}

void input_reader::add_error(error problem) {
  if (!first_error_) first_error_ = std::move(problem);
}

bool input_reader::has(std::string_view name) const {
  const auto* spec = find_input(of_, name);
  return spec != nullptr && std::any_of(inputs_.begin(), inputs_.end(), [&](const auto& input) {
           return (input.name == name || is_field_of(input.name, name)) &&
                  !is_absent(input, spec->type);
         });
}

std::optional<input_value> input_reader::take(std::string_view name) {
  if (first_error_) return std::nullopt;
  const auto* spec = find_input(of_, name);
  const auto found = std::find_if(inputs_.rbegin(), inputs_.rend(),
                                  [&](const input_value& input) { return input.name == name; });
  if (spec == nullptr || found == inputs_.rend() || is_absent(*found, spec->type)) {
    if (spec != nullptr && spec->required) {
      add_error(missing_input(
          fmt::format("{}: this input is required and is missing, null or empty: map it in the "
                      "task, or correct the expression that gives it",
                      name)));
    }
    return std::nullopt;
  }
  return std::exchange(*found, input_value{found->name, {}, false});
}

std::string input_reader::text(std::string_view name) {
  const auto input = take(name);
  if (!input) return {};
  const auto* spec = find_input(of_, name);
  const auto kind = json::kind_of(input->value);
  if (kind != json::kind::string) {
    add_error(field_error(name, fmt::format("must be a string, not {}", json::describe(kind))));
    return {};
  }
  auto value = json::text_of(input->value);
  if (!value) {
    add_error(
        field_error(name, "the string is broken (a lone surrogate or bytes that are no text)"));
  } else if (value->size() > spec->most) {
    add_error(field_error(name, fmt::format("longer than {} bytes", spec->most)));
  } else if (has_control_character(*value)) {
    add_error(field_error(name, "holds a control character"));
  } else if (!spec->words.empty() && !contains(spec->words, *value)) {
    add_error(field_error(name, fmt::format("must be one of {}", joined(spec->words, ", "))));
  } else {
    return *std::move(value);
  }
  return {};
}

std::vector<input_value> input_reader::take_fields(std::string_view name) {
  std::vector<input_value> fields;
  for (auto& input : inputs_) {
    if (!is_field_of(input.name, name) || is_absent(input, input_type::string)) continue;
    fields.push_back(std::exchange(input, input_value{input.name, {}, false}));
  }
  // Those with longer paths come later and so win over what the shorter ones hold.
  std::stable_sort(fields.begin(), fields.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  return fields;
}

std::string input_reader::object(std::string_view name) {
  const auto* spec = find_input(of_, name);
  auto value = whole_object(*spec);
  if (first_error_) return {};
  if (auto twice = value.empty() ? std::nullopt : repeated_name(value)) {
    wipe(value);
    add_error(field_error(name, fmt::format("the name {} stands in it twice, and readers differ in "
                                            "which one they take; keep one of them",
                                            shown(*twice))));
    return {};
  }
  for (auto& field : take_fields(name)) {
    const auto path = field.name;
    auto given = field_value(std::move(field));
    auto made = with_field(value.empty() ? "{}" : std::move(value), path, given);
    wipe(given);
    value.clear();
    if (!made) {
      add_error(made.error());
      return {};
    }
    value = *std::move(made);
  }
  const auto problem = value.empty() ? std::nullopt : json::check(value);
  if (value.size() > spec->most) {
    add_error(field_error(name, fmt::format("longer than {} bytes", spec->most)));
  } else if (problem) {
    add_error(field_error(name, fmt::format("is no JSON: {}", problem->reason)));
  } else {
    return value;
  }
  wipe(value);
  return {};
}

// As it was given, without single fields.
std::string input_reader::whole_object(const input_spec& of) {
  const auto name = of.name;
  auto input = take(name);
  if (!input) return {};
  auto value = std::move(input->value);
  if (json::kind_of(value) == json::kind::string && !input->literal_text) {
    if (auto inner = json::text_of(value); inner && ascii::trim(*inner).starts_with('{')) {
      wipe(value);
      value = *std::move(inner);
    }
  }
  const auto kind = json::kind_of(value);
  if (kind != json::kind::object) {
    add_error(field_error(name, fmt::format("must be an object, not {}", json::describe(kind))));
  } else if (value.size() > of.most) {
    add_error(field_error(name, fmt::format("longer than {} bytes", of.most)));
  } else if (const auto problem = json::check(value)) {
    add_error(field_error(
        name, fmt::format("is no JSON: {} (at byte {})", problem->reason, problem->offset)));
  } else {
    return value;
  }
  wipe(value);
  return {};
}

std::optional<std::chrono::milliseconds> input_reader::duration(std::string_view name) {
  const auto value = text(name);
  if (first_error_ || value.empty()) return std::nullopt;
  const auto parsed = parse_iso_duration(value);
  if (!parsed) add_error(field_error(name, "is no ISO-8601 duration, such as PT30S or PT5M"));
  return parsed;
}

std::optional<std::int64_t> input_reader::integer(std::string_view name) {
  const auto input = take(name);
  if (!input) return std::nullopt;
  const auto most = static_cast<std::int64_t>(find_input(of_, name)->most);
  const auto value = json::integer_of(unquoted(*input));
  if (value && *value >= 1 && *value <= most) return value;
  add_error(field_error(name, fmt::format("must be a whole number from 1 to {}", most)));
  return std::nullopt;
}

std::optional<bool> input_reader::boolean(std::string_view name) {
  const auto input = take(name);
  if (!input) return std::nullopt;
  const auto value = json::boolean_of(unquoted(*input));
  if (!value) add_error(field_error(name, "must be true or false"));
  return value;
}

std::vector<std::string> input_reader::names(std::string_view name) {
  const auto input = take(name);
  if (!input) return {};
  const auto most = find_input(of_, name)->most;
  auto value = list_of(input->value, most);
  if (!value) {
    add_error(field_error(name, "must be a list of strings, or names separated by commas"));
  } else if (value->size() > most) {
    add_error(field_error(name, fmt::format("more than {} names", most)));
  } else {
    return *std::move(value);
  }
  return {};
}

}  // namespace connector::lambda
