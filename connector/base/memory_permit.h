// Memory of a memory_budget that a complete response holds; for types that only carry it. Any
// thread of the budget's loop.
#pragma once

#include <memory>

namespace connector {

// The last copy returns the memory. Null: no memory is held.
using memory_permit = std::shared_ptr<const void>;

}  // namespace connector
