// Temporal values as values of the language: literals, texts, properties. The kinds themselves are
// in temporal.h and beside it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "worker/feel/temporal.h"
#include "worker/feel/value.h"

namespace worker::feel {

bool is_temporal(kind type);

// What `name("text")` means where `text` is written in quotes, or @"text" where name is "@". Null
// when there is no such value.
value temporal_literal(std::string_view name, std::string_view text);

// As string() writes it, as a process variable has it, and as `to json` has it.
std::string temporal_text(const value& of);
std::string temporal_json_text(const value& of);
std::string temporal_iso_text(const value& of);

// Nothing when there is no property of that name.
std::optional<value> temporal_property(const value& of, std::string_view name);

}  // namespace worker::feel
