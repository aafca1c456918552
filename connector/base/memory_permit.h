// A part of memory_budget that somebody has, for types that only carry it.
#pragma once

#include <memory>

namespace connector {

// Given back when the last copy is gone. Null: nothing is held.
using memory_permit = std::shared_ptr<const void>;

}  // namespace connector
