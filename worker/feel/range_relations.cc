#include "worker/feel/range_relations.h"

#include "worker/feel/comparison.h"
#include "worker/feel/date_time.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {

namespace {

bool is_point(const value& of) {
  switch (of.type()) {
    case kind::number:
    case kind::date:
    case kind::time:
    case kind::local_time:
    case kind::date_time:
    case kind::local_date_time:
    case kind::years_months_duration:
    case kind::days_time_duration:
      return true;
    default:
      return false;
  }
}

bool less(const value& left, const value& right) {
  const auto found = order(left, right);
  return found && *found < 0;
}

// As `=` has it: for zones the texts count, not the moments.
bool alike(const value& left, const value& right) {
  if (left.is(kind::time)) return equal(left.as_time(), right.as_time());
  if (left.is(kind::date_time)) return equal(left.as_date_time(), right.as_date_time());
  const auto found = order(left, right);
  return found && *found == 0;
}

using of_points = bool (*)(const value& left, const value& right);
using of_point_and_range = bool (*)(const value& point, const range& all);
using of_range_and_point = bool (*)(const range& all, const value& point);
using of_ranges = bool (*)(const range& left, const range& right);

bool point_before_range(const value& point, const range& all) {
  return less(point, all.start) || (alike(point, all.start) && !all.start_closed);
}

bool range_before_point(const range& all, const value& point) {
  return less(all.end, point) || (alike(all.end, point) && !all.end_closed);
}

bool range_before_range(const range& left, const range& right) {
  const bool touch = left.end_closed && right.start_closed;
  return less(left.end, right.start) || (!touch && alike(left.end, right.start));
}

// Whether the left one starts where the right one does, or before.
bool starts_no_later(const range& left, const range& right) {
  return less(left.start, right.start) ||
         (alike(left.start, right.start) && (left.start_closed || !right.start_closed));
}

bool ends_no_earlier(const range& left, const range& right) {
  return less(right.end, left.end) ||
         (alike(left.end, right.end) && (left.end_closed || !right.end_closed));
}

bool same_start(const range& left, const range& right) {
  return alike(left.start, right.start) && left.start_closed == right.start_closed;
}

bool same_end(const range& left, const range& right) {
  return alike(left.end, right.end) && left.end_closed == right.end_closed;
}

bool same_range(const range& left, const range& right) {
  return same_start(left, right) && same_end(left, right);
}

bool never_at_range(const value& /*point*/, const range& /*all*/) { return false; }

// Whether the left one reaches to where the right one starts.
bool reaches(const range& left, const range& right) {
  return less(right.start, left.end) ||
         (alike(left.end, right.start) && left.end_closed && right.start_closed);
}

bool range_meets(const range& left, const range& right) {
  return left.end_closed && right.start_closed && alike(left.end, right.start);
}

bool range_overlaps(const range& left, const range& right) {
  return reaches(left, right) && reaches(right, left);
}

bool range_overlaps_before(const range& left, const range& right) {
  const bool starts_before =
      less(left.start, right.start) ||
      (alike(left.start, right.start) && left.start_closed && !right.start_closed);
  const bool ends_inside = less(left.end, right.end) ||
                           (alike(left.end, right.end) && (!left.end_closed || right.end_closed));
  return starts_before && reaches(left, right) && ends_inside;
}

bool starts_at(const range& all, const value& point) {
  return all.start_closed && alike(all.start, point);
}

bool ends_at(const range& all, const value& point) {
  return all.end_closed && alike(all.end, point);
}

bool range_finishes(const range& left, const range& right) {
  return same_end(left, right) &&
         (less(right.start, left.start) ||
          (alike(left.start, right.start) && (!left.start_closed || right.start_closed)));
}

bool range_starts(const range& left, const range& right) {
  return same_start(left, right) &&
         (less(left.end, right.end) ||
          (alike(left.end, right.end) && (!left.end_closed || right.end_closed)));
}

bool range_includes_point(const range& all, const value& point) {
  return (less(all.start, point) && less(point, all.end)) || starts_at(all, point) ||
         ends_at(all, point);
}

bool range_includes_range(const range& left, const range& right) {
  return starts_no_later(left, right) && ends_no_earlier(left, right);
}

// The relation seen from the other side.
template <of_points Of>
bool turned(const value& left, const value& right) {
  return Of(right, left);
}
template <of_range_and_point Of>
bool turned(const value& point, const range& all) {
  return Of(all, point);
}
template <of_point_and_range Of>
bool turned(const range& all, const value& point) {
  return Of(point, all);
}
template <of_ranges Of>
bool turned(const range& left, const range& right) {
  return Of(right, left);
}

// What one relation is for each pair of shapes; null where FEEL-Scala knows none, and fails.
struct relation_shapes {
  of_points points = nullptr;
  of_point_and_range point_and_range = nullptr;
  of_range_and_point range_and_point = nullptr;
  of_ranges ranges = nullptr;
};

constexpr relation_shapes before_shapes{less, point_before_range, range_before_point,
                                        range_before_range};
constexpr relation_shapes after_shapes{turned<less>, turned<range_before_point>,
                                       turned<point_before_range>, turned<range_before_range>};
constexpr relation_shapes meets_shapes{nullptr, nullptr, nullptr, range_meets};
constexpr relation_shapes met_by_shapes{nullptr, nullptr, nullptr, turned<range_meets>};
constexpr relation_shapes overlaps_shapes{nullptr, nullptr, nullptr, range_overlaps};
constexpr relation_shapes overlaps_before_shapes{nullptr, nullptr, nullptr, range_overlaps_before};
constexpr relation_shapes overlaps_after_shapes{nullptr, nullptr, nullptr,
                                                turned<range_overlaps_before>};
constexpr relation_shapes finishes_shapes{nullptr, turned<ends_at>, nullptr, range_finishes};
constexpr relation_shapes finished_by_shapes{nullptr, nullptr, ends_at, turned<range_finishes>};
constexpr relation_shapes includes_shapes{nullptr, nullptr, range_includes_point,
                                          range_includes_range};
constexpr relation_shapes during_shapes{nullptr, turned<range_includes_point>, nullptr,
                                        turned<range_includes_range>};
constexpr relation_shapes starts_shapes{nullptr, turned<starts_at>, nullptr, range_starts};
constexpr relation_shapes started_by_shapes{nullptr, nullptr, starts_at, turned<range_starts>};
constexpr relation_shapes coincides_shapes{alike, never_at_range, turned<never_at_range>,
                                           same_range};

const relation_shapes& shapes_of(range_relation which) {
  switch (which) {
    case range_relation::before:
      return before_shapes;
    case range_relation::after:
      return after_shapes;
    case range_relation::meets:
      return meets_shapes;
    case range_relation::met_by:
      return met_by_shapes;
    case range_relation::overlaps:
      return overlaps_shapes;
    case range_relation::overlaps_before:
      return overlaps_before_shapes;
    case range_relation::overlaps_after:
      return overlaps_after_shapes;
    case range_relation::finishes:
      return finishes_shapes;
    case range_relation::finished_by:
      return finished_by_shapes;
    case range_relation::includes:
      return includes_shapes;
    case range_relation::during:
      return during_shapes;
    case range_relation::starts:
      return starts_shapes;
    case range_relation::started_by:
      return started_by_shapes;
    case range_relation::coincides:
      return coincides_shapes;
  }
  return before_shapes;
}

std::optional<bool> holds(const relation_shapes& test, const value& left, const value& right) {
  const bool first = left.is(kind::range);
  const bool second = right.is(kind::range);
  if (first && second && test.ranges != nullptr) {
    return test.ranges(left.as_range(), right.as_range());
  }
  if (first && !second && test.range_and_point != nullptr) {
    return test.range_and_point(left.as_range(), right);
  }
  if (!first && second && test.point_and_range != nullptr) {
    return test.point_and_range(left, right.as_range());
  }
  if (!first && !second && test.points != nullptr) return test.points(left, right);
  return std::nullopt;
}

// The point itself, or where the range starts: what says of which kind it is.
const value& example(const value& of) { return of.is(kind::range) ? of.as_range().start : of; }

}  // namespace

bool comparable(const value& left, const value& right) {
  return is_point(example(left)) && example(left).type() == example(right).type();
}

std::optional<bool> relates(range_relation which, const value& left, const value& right) {
  return holds(shapes_of(which), left, right);
}

}  // namespace worker::feel
