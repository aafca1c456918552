#include "worker/jobs/header_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/ascii.h"
#include "connector/base/duration.h"
#include "worker/results/expressions.h"

namespace worker::jobs {

namespace {

bool may_be_zero(std::string_view header) {
  return header != "jobTimeout" && header != "pollInterval";
}

std::string quoted_words(std::string_view words) {
  std::string out;
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find('|', at), words.size());
    out += fmt::format("{}'{}'", out.empty() ? "" : ", ", words.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_word(std::string_view value, std::string_view words) {
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find('|', at), words.size());
    if (words.substr(at, end - at) == value) return true;
    at = end + 1;
  }
  return false;
}

// A name that FEEL and the engine accept for a variable, and this worker for a member.
bool is_variable_name(std::string_view name) {
  return !name.empty() && name.size() <= 256 && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

// The key of a job and the number of a run follow: Lambda takes 64 characters.
bool is_name_prefix(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

bool takes_as_expression(const header_spec& spec, std::string_view value) {
  return spec.type == header_type::expression ||
         (spec.type == header_type::duration_or_expression && value.starts_with('='));
}

std::optional<std::string> wrong_value(const header_spec& spec, const std::string& value) {
  if (takes_as_expression(spec, value)) {
    if (!results::is_expression(value)) return std::nullopt;
    feel::expression_cache not_kept(0);
    const auto wrong = results::unreadable(not_kept, value);
    return wrong ? std::optional(wrong->message) : std::nullopt;
  }
  // The value may be any text that a person typed, a secret too, so it is not shown.
  switch (spec.type) {
    case header_type::words:
    case header_type::boolean:
      if (is_word(value, spec.words)) return std::nullopt;
      return fmt::format("must be one of {}", quoted_words(spec.words));
    case header_type::duration_or_expression:
    case header_type::iso_duration: {
      const auto duration = connector::parse_iso_duration(value);
      if (duration && (duration->count() > 0 || may_be_zero(spec.name))) return std::nullopt;
      return spec.type == header_type::iso_duration
                 ? "must be an ISO-8601 duration such as PT30S or PT5M"
                 : "must be an ISO-8601 duration such as PT30S or PT5M, or a FEEL expression with "
                   "a leading = that gives one";
    }
    case header_type::expression:
      return std::nullopt;  // was looked at above
    case header_type::variable_name:
      if (is_variable_name(value)) return std::nullopt;
      return "must be the name of a variable: letters, digits and _, no digit first";
    case header_type::name_list: {
      const auto names = connector::ascii::items(value);
      if (names.size() <= 100 &&
          std::all_of(names.begin(), names.end(), [](const auto& n) { return n.size() <= 200; })) {
        return std::nullopt;
      }
      return "takes at most 100 names of at most 200 characters, separated by commas";
    }
    case header_type::secret_list:
      return std::nullopt;  // worker/secrets/listing.h reads it
    case header_type::name_prefix:
      if (is_name_prefix(value)) return std::nullopt;
      return "takes 1 to 32 letters, digits, hyphens and underscores";
    case header_type::free_text:
      if (value.size() <= longest_free_text) return std::nullopt;
      return fmt::format("must have at most {} bytes", longest_free_text);
  }
  return std::nullopt;
}

std::optional<std::string> wrong_runtime_name(std::string_view name) {
  const bool control = std::any_of(name.begin(), name.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (name.size() <= 256 && !control) return std::nullopt;
  return "must be the name of a variable: one line of at most 256 bytes";
}

}  // namespace worker::jobs
