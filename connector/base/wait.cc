#include "connector/base/wait.h"

#include <boost/asio/this_coro.hpp>

namespace connector {

namespace asio = boost::asio;

asio::awaitable<bool> pause_for(asio::steady_timer::duration time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  const bool over = co_await wait(timer);
  co_return over;
}

}  // namespace connector
