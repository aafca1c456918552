// The types of custom headers, and which values each of them takes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace worker::jobs {

struct task_headers;

enum class header_type {
  words,
  iso_duration,
  variable_name,
  name_list,
  secret_list,
  boolean,
  free_text,               // any text of at most longest_free_text bytes
  expression,              // FEEL
  duration_or_expression,  // an ISO-8601 duration, or FEEL with a leading =
  name_prefix,             // letters, digits, hyphens and underscores
};

inline constexpr std::size_t longest_free_text = 4096;

struct header_spec {
  std::string_view name;
  header_type type;
  std::string_view words;  // allowed words separated by '|', when type is words
  std::string_view text;   // one line for people
  // Puts a valid value into its member; null for a header that is read elsewhere.
  void (*store)(task_headers& into, const std::string& value) = nullptr;
};

// The error of a header's value; a text that follows its name: "must be one of ...".
std::optional<std::string> wrong_value(const header_spec& spec, const std::string& value);

// Whether the header takes this value as a FEEL expression.
bool takes_as_expression(const header_spec& spec, std::string_view value);

// The same for the name of a variable in a task of the connector runtime, which takes any text.
std::optional<std::string> wrong_runtime_name(std::string_view name);

}  // namespace worker::jobs
