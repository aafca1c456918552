// Waiting for time to pass in a coroutine. A wait ends when its time is over, when its timer is
// cancelled, or when the coroutine is cancelled. The timer (of Asio's steady clock, or
// boot_timer.h) outlives the wait. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace connector {

// Until the timer's expiry as it is set. True when that time is over, false when the wait was
// cancelled.
template <class Clock>
boost::asio::awaitable<bool> wait(boost::asio::basic_waitable_timer<Clock>& timer) {
  boost::system::error_code cancelled;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  co_return !cancelled;
}

// The same with the expiry `time` from now; it is set by the call, before the await.
template <class Clock>
boost::asio::awaitable<bool> wait_for(boost::asio::basic_waitable_timer<Clock>& timer,
                                      typename Clock::duration time) {
  timer.expires_after(time);
  return wait(timer);
}

// With a timer of its own: only the coroutine's cancellation ends it early.
boost::asio::awaitable<bool> pause_for(boost::asio::steady_timer::duration time);

}  // namespace connector
