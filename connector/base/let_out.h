// For coroutines that are started and left to themselves. What one of them throws is a bug: with
// this in place of asio::detached it leaves the loop's run(), and so reaches the wall that logs it
// and ends the program. detached would lose it, and with it the work that the coroutine had to do.
#pragma once

#include <exception>

namespace connector {

struct let_out_t {
  void operator()(const std::exception_ptr& bug) const {
    if (bug) std::rethrow_exception(bug);
  }
};
inline constexpr let_out_t let_out;

}  // namespace connector
