// Cancellation of a coroutine as an outcome. Asio by itself throws at the next co_await of a
// cancelled coroutine; in this program cancellation is one way of many in which a call ends, so it
// is a value like the others. A function that says "quiet cancellation" in its header is called
// under quiet_cancellation alone: it looks for the cancellation itself and still has awaits to do.
// Any thread of a loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>
#include <type_traits>
#include <utility>

namespace connector {

// Whether a coroutine was cancelled, by its  co_await asio::this_coro::cancellation_state.
inline bool is_cancelled(const boost::asio::cancellation_state& state) {
  return state.cancelled() != boost::asio::cancellation_type::none;
}

// For the first line of a coroutine that was spawned:  co_await quiet_cancellation();
inline auto quiet_cancellation() { return boost::asio::this_coro::throw_if_cancelled(false); }

// Runs `inner` under quiet cancellation; after it the caller's own setting is as it was. (A
// destructor cannot await, so this is a function and not an object of a scope.)
template <class T>
boost::asio::awaitable<T> under_quiet_cancellation(boost::asio::awaitable<T> inner) {
  const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
  co_await quiet_cancellation();
  if constexpr (std::is_void_v<T>) {
    co_await std::move(inner);
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
  } else {
    T out = co_await std::move(inner);
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
    co_return out;
  }
}

}  // namespace connector
