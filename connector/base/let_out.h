// A completion handler for coroutines whose result nothing awaits, in place of asio::detached. An
// exception of such a coroutine is a bug. let_out passes it on to the loop's run(), where the wall
// in main logs it and ends the program; detached would lose it. Loop's thread.
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
