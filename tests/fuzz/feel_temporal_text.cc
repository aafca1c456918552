// Texts of dates, times and durations in FEEL: what is written reads back as the same.
#include <variant>

#include "connector/base/utf8.h"
#include "tests/fuzz/target.h"
#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/temporal.h"
#include "worker/feel/text.h"
#include "worker/feel/time_of_day.h"

namespace fuzz {

namespace {

namespace feel = worker::feel;

std::string written(const feel::temporal& one) {
  std::string text = std::visit([](const auto& of) { return feel::to_text(of); }, one);
  // A date beyond the year 9999 is written with a plus, which is not read.
  return text.starts_with('+') ? text.substr(1) : text;
}

std::string check_temporal(std::string_view text) {
  const auto one = feel::parse_temporal(text);
  if (!one) return {};
  const std::string first = written(*one);
  const auto again = feel::parse_temporal(first);
  if (!again || again->index() != one->index()) return "its text is of another kind: " + first;
  if (written(*again) != first) return "its text reads as another: " + first;
  if (std::visit([](const auto& of) { return feel::to_json_text(of); }, *one).empty()) {
    return "no text as a process variable";
  }
  return {};
}

std::string check_duration(std::string_view text) {
  const auto much = feel::parse_duration(text, feel::text_form::literal);
  if (!much) return {};
  const auto json = std::visit([](const auto& of) { return feel::to_json_text(of); }, *much);
  // No years and months are no days.
  if (json == "P0D") return {};
  if (feel::parse_duration(json, feel::text_form::literal) != much) {
    return "the runtime's text of a duration reads as another: " + json;
  }
  return {};
}

std::string check_moves(std::string_view text) {
  const auto when = feel::parse_zoned_date_time(text);
  if (!when) return {};
  const feel::days_time_duration day{86'400, 1};
  const auto later = feel::plus(*when, day);
  if (!later) return {};
  if (feel::compare(*when, *later) >= 0) return "a day later is not later";
  if (feel::minus(*later, *when) != day) return "a day later is not a day away";
  return {};
}

std::string check_case(std::string_view text) {
  const std::string upper = feel::upper_case(text);
  if (!connector::is_utf8(upper) || !connector::is_utf8(feel::lower_case(text))) {
    return "a change of case makes no UTF-8";
  }
  if (feel::upper_case(upper) != upper) return "upper case has an upper case";
  const std::size_t units = feel::utf16_length(text);
  if (connector::is_utf8(text) && feel::utf16_substring(text, 0, units) != text) {
    return "the whole cut out is not the whole";
  }
  return {};
}

std::string run_feel_temporal_text(std::string_view text) {
  for (const auto check : {check_temporal, check_duration, check_moves, check_case}) {
    if (std::string wrong = check(text); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

target feel_temporal_text() {
  return {"FeelTemporalText",
          run_feel_temporal_text,
          {"2024-02-29", "-0044-03-15", "999999999-12-31", "10:00:00.5@Europe/Berlin",
           "2024-03-31T02:30:00@Europe/Berlin", "2024-10-27T02:30:00+01:00[Europe/Berlin]",
           "1850-01-01T10:00:00@Europe/Berlin", "P1DT2H3M4.5S", "-PT0.5S", "P-1Y-2M",
           "PT9223372036854775807S", "2024-01-01T10:00:00-18:00", "10:00:00@UTC+01:00",
           "stra\xc3\x9f"
           "e \xce\xa3\xce\x91\xce\xa3"},
          {"P",
           "T",
           "D",
           "H",
           "M",
           "S",
           "Y",
           "-",
           "+",
           ":",
           ".",
           "@",
           "Z",
           "[",
           "]",
           "+01:00",
           "Europe/Berlin",
           "UTC",
           "0",
           "99999999999",
           "24",
           "\xc4\xb0",
           "\xf0\x9f\x98\x80"}};
}

}  // namespace fuzz
