#include "worker/feel/duration.h"

#include <fmt/format.h>

#include <limits>

#include "connector/base/number.h"
#include "worker/feel/text_cursor.h"

namespace worker::feel {
namespace {

constexpr std::int32_t nanos_of_second = 1'000'000'000;
constexpr std::int64_t min_int64 = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t max_int64 = std::numeric_limits<std::int64_t>::max();

bool add(std::int64_t& sum, std::int64_t number, std::int64_t factor) {
  std::int64_t product = 0;
  return !__builtin_mul_overflow(number, factor, &product) &&
         !__builtin_add_overflow(sum, product, &sum);
}

std::optional<days_time_duration> of_nanos(__int128 nanos) {
  __int128 seconds = nanos / nanos_of_second;
  auto rest = static_cast<std::int32_t>(nanos % nanos_of_second);
  if (rest < 0) {
    rest += nanos_of_second;
    --seconds;
  }
  if (seconds < min_int64 || seconds > max_int64) return std::nullopt;
  return days_time_duration{static_cast<std::int64_t>(seconds), rest};
}

__int128 nanos_of(const days_time_duration& much) {
  return static_cast<__int128>(much.seconds) * nanos_of_second + much.nanoseconds;
}

// One number with its unit, such as -12H: the digits as they were written, and the unit.
struct part {
  bool negative = false;
  std::string_view digits;
  std::string_view fraction;  // of seconds, without its point
  bool has_fraction = false;
  char unit = 0;

  [[nodiscard]] std::optional<std::int64_t> value() const {
    // Read as a negative number, whose range is one wider.
    const std::string text = "-" + std::string(digits);
    const auto below = connector::integer_in<std::int64_t>(text, min_int64, 0);
    if (!below || (!negative && *below == min_int64)) return std::nullopt;
    return negative ? *below : -*below;
  }
};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

class duration_reader {
 public:
  duration_reader(std::string_view text, text_form form) : in_(text), form_(form) {}

  std::optional<any_duration> read() {
    const auto sign = take_sign();
    if (!take('P')) return std::nullopt;
    std::optional<part> first = take_part();
    if (first && (first->unit == 'Y' || first->unit == 'M')) return months(sign, *first);
    // Before years and months lower case and plus are wrong, in a literal too.
    return time(sign, first);
  }

 private:
  bool take(char c) {
    if (in_.take(c)) return true;
    if (form_ != text_form::literal || !in_.take(static_cast<char>(c - 'A' + 'a'))) return false;
    lower_ = true;
    return true;
  }

  int take_sign() {
    if (in_.take('-')) return -1;
    if (form_ == text_form::literal && in_.take('+')) plus_ = true;
    return 1;
  }

  std::optional<part> take_part() {
    const text_cursor before = in_;
    part found;
    found.negative = take_sign() < 0;
    const std::size_t width = in_.digits_ahead(in_.rest().size());
    found.digits = in_.rest().substr(0, width);
    in_ = text_cursor(in_.rest().substr(width));
    if (width > 0 && (in_.take('.') || in_.take(','))) {
      found.has_fraction = true;
      const std::size_t decimals = in_.digits_ahead(10);
      found.fraction = in_.rest().substr(0, decimals);
      in_ = text_cursor(in_.rest().substr(decimals));
    }
    if (width == 0 || in_.at_end()) {
      in_ = before;
      return std::nullopt;
    }
    found.unit = in_.rest().front();
    if (form_ == text_form::literal) found.unit = upper(found.unit);
    lower_ = lower_ || found.unit != in_.rest().front();
    in_ = text_cursor(in_.rest().substr(1));
    return found;
  }

  std::optional<any_duration> months(int sign, const part& first) {
    const std::optional<part> second = first.unit == 'Y' ? take_part() : std::nullopt;
    if (plus_ || lower_ || !in_.at_end() || first.has_fraction) return std::nullopt;
    if (second && (second->unit != 'M' || second->has_fraction)) return std::nullopt;
    std::int64_t total = 0;
    if (!add_months(total, first)) return std::nullopt;
    if (second && !add_months(total, *second)) return std::nullopt;
    const auto much = duration_of_months(sign * total);
    if (!much) return std::nullopt;
    return any_duration(*much);
  }

  static bool add_months(std::int64_t& total, const part& of) {
    const auto value = of.value();
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (!value || *value > most || *value < -most - 1) return false;
    return add(total, *value, of.unit == 'Y' ? 12 : 1);
  }

  std::optional<any_duration> time(int sign, const std::optional<part>& first) {
    std::int64_t seconds = 0;
    std::int64_t nanos = 0;
    if (first) {
      const auto days = first->value();
      if (first->unit != 'D' || first->has_fraction || !days) return std::nullopt;
      if (!add(seconds, *days, 86'400)) return std::nullopt;
    }
    bool any_of_time = false;
    if (take('T')) {
      std::string_view units = "HMS";
      while (const auto next = take_part()) {
        const auto at = units.find(next->unit);
        if (at == std::string_view::npos) return std::nullopt;
        if (!add_time(*next, seconds, nanos)) return std::nullopt;
        units.remove_prefix(at + 1);
        any_of_time = true;
      }
      if (!any_of_time) return std::nullopt;
    }
    if (!in_.at_end() || (!first && !any_of_time)) return std::nullopt;
    __int128 all = static_cast<__int128>(seconds) * nanos_of_second + nanos;
    const auto much = of_nanos(sign < 0 ? -all : all);
    if (!much) return std::nullopt;
    return any_duration(*much);
  }

  static bool add_time(const part& of, std::int64_t& seconds, std::int64_t& nanos) {
    const auto value = of.value();
    if (!value || (of.has_fraction && of.unit != 'S') || of.fraction.size() > 9) return false;
    const std::int64_t factor = of.unit == 'H' ? 3'600 : of.unit == 'M' ? 60 : 1;
    if (!add(seconds, *value, factor)) return false;
    const std::string padded = std::string(of.fraction) + std::string(9 - of.fraction.size(), '0');
    const auto parts = connector::integer_in<std::int64_t>(padded, 0, nanos_of_second);
    nanos = of.negative ? -parts.value_or(0) : parts.value_or(0);
    return true;
  }

  text_cursor in_;
  text_form form_;
  bool plus_ = false;
  bool lower_ = false;
};

std::string with_unit(std::int64_t number, char unit) {
  return number == 0 ? std::string() : fmt::format("{}{}", number, unit);
}

}  // namespace

std::optional<any_duration> parse_duration(std::string_view text, text_form form) {
  return duration_reader(text, form).read();
}

std::string to_text(const days_time_duration& much) {
  const std::int64_t days = much.seconds / 86'400;
  const std::int64_t hours = much.seconds / 3'600 % 24;
  const std::int64_t minutes = much.seconds / 60 % 60;
  const std::int64_t seconds = much.seconds % 60;
  if (much.seconds == 0) return "P0D";
  const int sign = much.seconds < 0 ? -1 : 1;
  const std::string time = with_unit(sign * hours, 'H') + with_unit(sign * minutes, 'M') +
                           with_unit(sign * seconds, 'S');
  return fmt::format("{}P{}{}{}", sign < 0 ? "-" : "", with_unit(sign * days, 'D'),
                     time.empty() ? "" : "T", time);
}

std::string to_text(const years_months_duration& much) {
  if (much.months == 0) return "P0Y";
  const int sign = much.months < 0 ? -1 : 1;
  return fmt::format("{}P{}{}", sign < 0 ? "-" : "", with_unit(sign * (much.months / 12), 'Y'),
                     with_unit(sign * (much.months % 12), 'M'));
}

std::string to_json_text(const days_time_duration& much) {
  // The parts of a negative duration are counted from zero, not from below.
  const bool below = much.seconds < 0 && much.nanoseconds > 0;
  const std::int64_t whole = below ? much.seconds + 1 : much.seconds;
  const std::int64_t seconds = whole % 60;
  std::string text = "PT" + with_unit(whole / 3'600, 'H') + with_unit(whole / 60 % 60, 'M');
  if (seconds == 0 && much.nanoseconds == 0) return text.size() > 2 ? text : "PT0S";
  text += below && seconds == 0 ? "-0" : fmt::format("{}", seconds);
  if (much.nanoseconds > 0) {
    std::string fraction =
        fmt::format(".{:09}", below ? nanos_of_second - much.nanoseconds : much.nanoseconds);
    text += fraction.substr(0, fraction.find_last_not_of('0') + 1);
  }
  return text + "S";
}

std::string to_json_text(const years_months_duration& much) {
  if (much.months == 0) return "P0D";
  return "P" + with_unit(much.months / 12, 'Y') + with_unit(much.months % 12, 'M');
}

std::optional<days_time_duration> negated(const days_time_duration& much) {
  return of_nanos(-nanos_of(much));
}

std::optional<days_time_duration> absolute(const days_time_duration& much) {
  return much.seconds < 0 ? negated(much) : std::optional(much);
}

std::optional<years_months_duration> absolute(const years_months_duration& much) {
  return duration_of_months(much.months < 0 ? -much.months : much.months);
}

std::optional<days_time_duration> plus(const days_time_duration& a, const days_time_duration& b) {
  return of_nanos(nanos_of(a) + nanos_of(b));
}

std::optional<days_time_duration> minus(const days_time_duration& a, const days_time_duration& b) {
  return of_nanos(nanos_of(a) - nanos_of(b));
}

std::optional<years_months_duration> plus(const years_months_duration& a,
                                          const years_months_duration& b) {
  return duration_of_months(a.months + b.months);
}

std::optional<years_months_duration> minus(const years_months_duration& a,
                                           const years_months_duration& b) {
  return duration_of_months(a.months - b.months);
}

std::optional<days_time_duration> times(const days_time_duration& much, std::int32_t factor) {
  __int128 product = 0;
  if (__builtin_mul_overflow(nanos_of(much), static_cast<__int128>(factor), &product)) {
    return std::nullopt;
  }
  return of_nanos(product);
}

std::optional<years_months_duration> times(const years_months_duration& much, std::int32_t factor) {
  std::int64_t months = 0;
  if (__builtin_mul_overflow(much.months, std::int64_t{factor}, &months)) return std::nullopt;
  return duration_of_months(months);
}

std::optional<std::int64_t> milliseconds_of(const days_time_duration& much) {
  const __int128 whole = nanos_of(much) / 1'000'000;
  if (whole < min_int64 || whole > max_int64) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

days_time_duration duration_of_milliseconds(std::int64_t milliseconds) {
  return *of_nanos(static_cast<__int128>(milliseconds) * 1'000'000);
}

std::optional<years_months_duration> duration_of_months(std::int64_t months) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (months / 12 > most || months / 12 < -most - 1) return std::nullopt;
  return years_months_duration{months};
}

}  // namespace worker::feel
