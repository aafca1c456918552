// What an evaluation may know and use of the world: the moment, the zone, randomness and bounds.
// Plain data; it outlives the evaluation.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "connector/base/clock.h"

namespace worker::feel {

struct limits {
  std::size_t depth = 200;                // of nested operations and calls while evaluating
  std::size_t value_depth = 400;          // of lists and contexts in each other
  std::size_t steps = 5'000'000;          // operations and items
  std::size_t bytes = 64 << 20;           // built in one evaluation, freed or not
  std::uint32_t match_steps = 1'000'000;  // of one regular expression's match
  connector::deadline until = connector::deadline::max();
};

struct environment {
  // One evaluation sees one moment.
  connector::wall_clock::time_point now;
  std::string zone = "UTC";               // of now() and today()
  std::function<std::uint64_t()> random;  // empty: the system's
  feel::limits limits;
};

// The present moment, in UTC.
environment present();

std::uint64_t random_bits(const environment& from);

}  // namespace worker::feel
