// ISO-8601 durations: what is read is bounded, not negative, and the same written otherwise.
#include "connector/base/duration.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

std::string run_iso_duration(std::string_view text) {
  const auto read = connector::parse_iso_duration(text);
  if (!read) return {};
  const auto ms = read->count();
  if (ms < 0) return "a negative duration";
  if (ms > 10LL * 366 * 24 * 3600 * 1000) return "a duration above ten years";
  if (text.front() != 'P') return "a duration without P";
  if (connector::human(*read).empty()) return "a duration without a text for people";
  // The same in seconds, when they are few enough digits to be written so.
  const auto fraction = std::to_string(1000 + ms % 1000).substr(1);
  const auto again =
      connector::parse_iso_duration("PT" + std::to_string(ms / 1000) + '.' + fraction + 'S');
  if (!again || *again != *read) return "in seconds it is another duration";
  return {};
}

}  // namespace

target iso_duration() {
  return {"IsoDuration",
          run_iso_duration,
          {"PT30S", "P1DT2H3M4.567S", "PT0.0009S", "P3660D", "P", "PT", "PT1M1H", "P1Y", "-PT1S",
           "PT999999999999999999S", "PT1.S", "PT.5S"},
          {"P", "T", "D", "H", "M", "S", ".", "0", "9999999999999", "-", "+", "W", "Y", "1"}};
}

}  // namespace fuzz
