#include "worker/feel/comparison.h"

#include <algorithm>
#include <bit>

#include "worker/feel/date_time.h"
#include "worker/feel/nodes.h"
#include "worker/feel/text.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {

namespace {

std::strong_ordering ordering_of(int compared) { return compared <=> 0; }

bool same_temporal(const value& left, const value& right) {
  switch (left.type()) {
    case kind::date:
      return left.as_date() == right.as_date();
    case kind::local_time:
      return left.as_local_time() == right.as_local_time();
    case kind::time:
      return equal(left.as_time(), right.as_time());
    case kind::local_date_time:
      return left.as_local_date_time() == right.as_local_date_time();
    case kind::date_time:
      return equal(left.as_date_time(), right.as_date_time());
    case kind::days_time_duration:
      return left.as_days_time_duration() == right.as_days_time_duration();
    default:
      return left.as_years_months_duration() == right.as_years_months_duration();
  }
}

using comparer = bool (*)(const value&, const value&, work&);

bool equal_items(const value& left, const value& right, work& counted, comparer compare) {
  const auto& a = left.items();
  const auto& b = right.items();
  if (a.size() != b.size()) return false;
  for (std::size_t at = 0; at < a.size(); ++at) {
    if (!counted.spend(1) || !compare(a[at], b[at], counted)) return false;
  }
  return true;
}

bool equal_entries(const value& left, const value& right, work& counted, comparer compare) {
  const auto& a = left.entries().variables();
  if (a.size() != right.entries().variables().size()) return false;
  for (const auto& each : a) {
    const auto* other = right.entries().find(each.key);
    if (!counted.spend(1) || other == nullptr || !compare(each.value, *other, counted))
      return false;
  }
  return true;
}

bool equal_inside(const value& left, const value& right, work& counted) {
  return equal(left, right, counted).value_or(false);
}

}  // namespace

std::size_t steps_of(const value& text) {
  constexpr std::size_t bytes_of_a_step = 512;
  return text.is(kind::string) ? text.as_string().size() / bytes_of_a_step : 0;
}

std::size_t steps_of(const value& left, const value& right) {
  return std::min(steps_of(left), steps_of(right));
}
std::size_t steps_of_glances(std::size_t items) {
  constexpr std::size_t glances_of_a_step = 64;
  return items / glances_of_a_step;
}
std::size_t steps_of_sorting(std::size_t items) {
  constexpr std::size_t comparisons_of_a_step = 16;
  return items * static_cast<std::size_t>(std::bit_width(items)) / comparisons_of_a_step;
}

std::optional<bool> equal(const value& left, const value& right, work& counted) {
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  if (left.type() != right.type()) return std::nullopt;
  switch (left.type()) {
    case kind::boolean:
      return left.as_boolean() == right.as_boolean();
    case kind::number:
      return left.as_number() == right.as_number();
    case kind::string:
      return counted.spend(steps_of(left, right)) && left.as_string() == right.as_string();
    case kind::list:
      return equal_items(left, right, counted, equal_inside);
    case kind::context:
      return equal_entries(left, right, counted, equal_inside);
    case kind::date:
    case kind::local_time:
    case kind::time:
    case kind::local_date_time:
    case kind::date_time:
    case kind::days_time_duration:
    case kind::years_months_duration:
      return same_temporal(left, right);
    default:
      return std::nullopt;
  }
}

bool same(const value& left, const value& right, work& counted) {
  if (left.type() != right.type()) return false;
  switch (left.type()) {
    case kind::list:
      return equal_items(left, right, counted, same);
    case kind::context:
      if (left.shared() == right.shared()) return true;
      if (nodes::written(left) || nodes::written(right)) return false;
      return equal_entries(left, right, counted, same);
    case kind::function:
      return left.shared() == right.shared();
    case kind::range: {
      const auto& a = left.as_range();
      const auto& b = right.as_range();
      return a.start_closed == b.start_closed && a.end_closed == b.end_closed &&
             same(a.start, b.start, counted) && same(a.end, b.end, counted);
    }
    case kind::error:
    case kind::fatal:
      return false;
    default:
      return equal(left, right, counted).value_or(false);
  }
}

bool is_ordered(const value& of, work& counted) {
  switch (of.type()) {
    case kind::number:
    case kind::string:
    case kind::date:
    case kind::local_time:
    case kind::time:
    case kind::local_date_time:
    case kind::date_time:
    case kind::days_time_duration:
    case kind::years_months_duration:
      return true;
    case kind::list: {
      const auto& items = of.items();
      return counted.spend(steps_of_glances(items.size())) && !items.empty() &&
             is_ordered(items.front(), counted) &&
             std::all_of(items.begin(), items.end(), [&items](const value& each) {
               return each.type() == items.front().type();
             });
    }
    default:
      return false;
  }
}

std::optional<std::strong_ordering> order(const value& left, const value& right) {
  switch (left.type()) {
    case kind::number:
      return left.as_number() <=> right.as_number();
    case kind::string:
      return ordering_of(compare_utf16(left.as_string(), right.as_string()));
    case kind::date:
      return left.as_date() <=> right.as_date();
    case kind::local_time:
      return left.as_local_time() <=> right.as_local_time();
    case kind::time:
      return ordering_of(compare(left.as_time(), right.as_time()));
    case kind::local_date_time:
      return left.as_local_date_time() <=> right.as_local_date_time();
    case kind::date_time:
      return ordering_of(compare(left.as_date_time(), right.as_date_time()));
    case kind::days_time_duration:
      return left.as_days_time_duration() <=> right.as_days_time_duration();
    case kind::years_months_duration:
      return left.as_years_months_duration() <=> right.as_years_months_duration();
    default:
      return std::nullopt;
  }
}

}  // namespace worker::feel
