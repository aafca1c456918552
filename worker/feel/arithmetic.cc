#include "worker/feel/arithmetic.h"

#include <cmath>
#include <optional>
#include <utility>

#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/duration.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {

namespace {

arithmetic_result mismatch(std::string_view verb, const value& left, const value& right) {
  return {value::error("cannot " + std::string(verb) + " " + std::string(name_of(left.type())) +
                       " and " + std::string(name_of(right.type()))),
          {}};
}

template <class Plain>
arithmetic_result in_range(std::optional<Plain> result) {
  if (result) return {value(std::move(*result)), {}};
  return {{}, "the result is outside of the dates, times and durations that there are"};
}
template <class Plain>
arithmetic_result in_range(Plain result) {
  return {value(std::move(result)), {}};
}

arithmetic_result of_number(number result) { return {value(result), {}}; }

// A point in time and a duration, in this order.
template <class Operation>
std::optional<arithmetic_result> shift(const value& point, const value& much, Operation operation) {
  const bool months = much.is(kind::years_months_duration);
  if (!months && !much.is(kind::days_time_duration)) return std::nullopt;
  const auto with = [&](const auto& plain) {
    return months ? in_range(operation(plain, much.as_years_months_duration()))
                  : in_range(operation(plain, much.as_days_time_duration()));
  };
  switch (point.type()) {
    case kind::date:
      return with(point.as_date());
    case kind::local_date_time:
      return with(point.as_local_date_time());
    case kind::date_time:
      return with(point.as_date_time());
    case kind::local_time:
      if (months) return std::nullopt;
      return in_range(operation(point.as_local_time(), much.as_days_time_duration()));
    case kind::time:
      if (months) return std::nullopt;
      return in_range(operation(point.as_time(), much.as_days_time_duration()));
    default:
      return std::nullopt;
  }
}

constexpr auto plus_of = [](const auto& a, const auto& b) { return plus(a, b); };
constexpr auto minus_of = [](const auto& a, const auto& b) { return minus(a, b); };

}  // namespace

arithmetic_result add(const value& left, const value& right) {
  if (left.is(kind::number) && right.is(kind::number)) {
    if (auto exact = long_result(left, '+', right)) return {std::move(*exact), {}};
    return of_number(left.as_number() + right.as_number());
  }
  if (left.is(kind::string) && right.is(kind::string)) {
    std::string joined;
    joined.reserve(left.as_string().size() + right.as_string().size());
    joined += left.as_string();
    joined += right.as_string();
    return {value(std::move(joined)), {}};
  }
  if (left.type() == right.type()) {
    if (left.is(kind::days_time_duration)) {
      return in_range(plus(left.as_days_time_duration(), right.as_days_time_duration()));
    }
    if (left.is(kind::years_months_duration)) {
      return in_range(plus(left.as_years_months_duration(), right.as_years_months_duration()));
    }
  }
  if (auto moved = shift(left, right, plus_of)) return std::move(*moved);
  if (auto moved = shift(right, left, plus_of)) return std::move(*moved);
  return mismatch("add", left, right);
}

arithmetic_result subtract(const value& left, const value& right) {
  if (left.type() == right.type()) {
    switch (left.type()) {
      case kind::number:
        if (auto exact = long_result(left, '-', right)) return {std::move(*exact), {}};
        return of_number(left.as_number() - right.as_number());
      case kind::date:
        return in_range(minus(left.as_date(), right.as_date()));
      case kind::local_time:
        return in_range(minus(left.as_local_time(), right.as_local_time()));
      case kind::time:
        return in_range(minus(left.as_time(), right.as_time()));
      case kind::local_date_time:
        return in_range(minus(left.as_local_date_time(), right.as_local_date_time()));
      case kind::date_time:
        return in_range(minus(left.as_date_time(), right.as_date_time()));
      case kind::days_time_duration:
        return in_range(minus(left.as_days_time_duration(), right.as_days_time_duration()));
      case kind::years_months_duration:
        return in_range(minus(left.as_years_months_duration(), right.as_years_months_duration()));
      default:
        break;
    }
  }
  if (auto moved = shift(left, right, minus_of)) return std::move(*moved);
  return mismatch("subtract", left, right);
}

namespace {

// A factor loses what is behind its point, as in FEEL-Scala.
std::optional<arithmetic_result> lengthened(const value& much, const value& factor) {
  if (!factor.is(kind::number)) return std::nullopt;
  if (much.is(kind::days_time_duration)) {
    return in_range(times(much.as_days_time_duration(), factor.as_number().to_int32()));
  }
  if (much.is(kind::years_months_duration)) {
    return in_range(times(much.as_years_months_duration(), factor.as_number().to_int32()));
  }
  return std::nullopt;
}

// Whole milliseconds, in 32 bits: as FEEL-Scala counts.
arithmetic_result shortened(const days_time_duration& much, const number& divisor) {
  const auto milliseconds = milliseconds_of(much);
  if (!milliseconds) return in_range(std::optional<days_time_duration>());
  return {value(duration_of_milliseconds((number(*milliseconds) / divisor).to_int32())), {}};
}

}  // namespace

arithmetic_result multiply(const value& left, const value& right) {
  if (left.is(kind::number) && right.is(kind::number)) {
    if (auto exact = long_result(left, '*', right)) return {std::move(*exact), {}};
    return of_number(left.as_number() * right.as_number());
  }
  if (auto longer = lengthened(left, right)) return std::move(*longer);
  if (auto longer = lengthened(right, left)) return std::move(*longer);
  return mismatch("multiply", left, right);
}

arithmetic_result divide(const value& left, const value& right) {
  if (right.is(kind::number)) {
    const auto divisor = right.as_number();
    if (divisor.is_zero()) return {value::error("cannot divide by zero"), {}};
    if (left.is(kind::number)) {
      if (auto exact = long_result(left, '/', right)) return {std::move(*exact), {}};
      return of_number(left.as_number() / divisor);
    }
    if (left.is(kind::days_time_duration)) return shortened(left.as_days_time_duration(), divisor);
    if (left.is(kind::years_months_duration)) {
      const auto months = number(left.as_years_months_duration().months) / divisor;
      return {value(years_months_duration{months.to_int32()}), {}};
    }
  }
  if (left.is(kind::years_months_duration) && right.is(kind::years_months_duration)) {
    const auto divisor = right.as_years_months_duration().months;
    if (divisor == 0) return {value::error("cannot divide by a duration of zero"), {}};
    return {value(number(left.as_years_months_duration().months / divisor)), {}};
  }
  if (left.is(kind::days_time_duration) && right.is(kind::days_time_duration)) {
    if (right.as_days_time_duration() == days_time_duration()) {
      return {value::error("cannot divide by a duration of zero"), {}};
    }
    const auto dividend = milliseconds_of(left.as_days_time_duration());
    const auto divisor = milliseconds_of(right.as_days_time_duration());
    if (!dividend || !divisor || *divisor == 0) return {{}, "a duration is divided by zero"};
    if (*divisor == -1) return {value(-number(*dividend)), {}};
    return {value(number(*dividend / *divisor)), {}};
  }
  return mismatch("divide", left, right);
}

arithmetic_result raise(const value& left, const value& right) {
  if (!left.is(kind::number) || !right.is(kind::number)) {
    return mismatch("raise to a power", left, right);
  }
  const auto base = left.as_number();
  const auto exponent = right.as_number();
  const auto result = exponent.is_whole()
                          ? base.power(exponent.to_int32())
                          : number::from_double(std::pow(base.to_double(), exponent.to_double()));
  if (!result) return {{}, "a power that is no number"};
  return of_number(*result);
}

}  // namespace worker::feel
