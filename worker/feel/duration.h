// The two durations of FEEL: days and time (java.time.Duration) and years and months
// (java.time.Period without days): text, arithmetic, properties. Pure. Nothing: out of range.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "worker/feel/temporal_types.h"

namespace worker::feel {

// Where a text was found. A literal is read a little more generously than what an expression
// computed: lower case and plus signs pass in durations.
enum class text_form { literal, computed };

using any_duration = std::variant<days_time_duration, years_months_duration>;

// ISO 8601 without weeks; a minus may stand before the P and before each part.
std::optional<any_duration> parse_duration(std::string_view text, text_form form);

// As string() writes: P1DT12H, -PT1H30M; parts of a second are left out.
std::string to_text(const days_time_duration& much);
std::string to_text(const years_months_duration& much);
// As java.time writes: PT36H, PT-1H-30M, PT0.5S; P1Y2M, P-1Y-2M, P0D.
std::string to_json_text(const days_time_duration& much);
std::string to_json_text(const years_months_duration& much);

std::optional<days_time_duration> negated(const days_time_duration& much);
std::optional<days_time_duration> absolute(const days_time_duration& much);
std::optional<years_months_duration> absolute(const years_months_duration& much);

std::optional<days_time_duration> plus(const days_time_duration& a, const days_time_duration& b);
std::optional<days_time_duration> minus(const days_time_duration& a, const days_time_duration& b);
std::optional<years_months_duration> plus(const years_months_duration& a,
                                          const years_months_duration& b);
std::optional<years_months_duration> minus(const years_months_duration& a,
                                           const years_months_duration& b);
std::optional<days_time_duration> times(const days_time_duration& much, std::int32_t factor);
std::optional<years_months_duration> times(const years_months_duration& much, std::int32_t factor);

// What is below a millisecond is left out.
std::optional<std::int64_t> milliseconds_of(const days_time_duration& much);
days_time_duration duration_of_milliseconds(std::int64_t milliseconds);

// Months within what a Period can hold: years that fit into 32 bits.
std::optional<years_months_duration> duration_of_months(std::int64_t months);

}  // namespace worker::feel
