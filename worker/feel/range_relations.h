// How points and ranges lie to each other on their line. Points are numbers, temporal values and
// durations. Pure.
#pragma once

#include <optional>

#include "worker/feel/value.h"

namespace worker::feel {

enum class range_relation {
  before,
  after,
  meets,
  met_by,
  overlaps,
  overlaps_before,
  overlaps_after,
  finishes,
  finished_by,
  includes,
  during,
  starts,
  started_by,
  coincides,
};

// Whether both are points of one kind, or ranges of such points.
bool comparable(const value& left, const value& right);

// Whether `left` lies so to `right`, which are comparable. Nothing where FEEL-Scala knows no answer
// for these shapes, and fails: whether a point meets a range.
std::optional<bool> relates(range_relation which, const value& left, const value& right);

}  // namespace worker::feel
