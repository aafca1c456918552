#include "worker/cli/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <cstddef>
#include <cstdint>

#include "connector/base/cancellation.h"
#include "connector/base/number.h"
#include "connector/base/wait.h"

namespace worker::cli {

namespace {

constexpr std::size_t longest_address = sizeof(sockaddr_un::sun_path) - 1;

// The socket's address; empty when the variable is not set or holds none.
std::string address_of(std::string_view variable) {
  const bool path = variable.starts_with('/');
  const bool name = variable.starts_with('@') && variable.size() > 1;
  if ((!path && !name) || variable.size() > longest_address) return {};
  std::string out(variable);
  if (name) out.front() = '\0';
  return out;
}

}  // namespace

service_manager::service_manager(std::string_view notify_socket, std::string_view watchdog_usec)
    : address_(address_of(notify_socket)) {
  if (address_.empty()) return;
  socket_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  constexpr std::int64_t longest = std::chrono::microseconds(std::chrono::hours(24)).count();
  const auto time = connector::integer_in<std::int64_t>(watchdog_usec, 1, longest);
  if (time) watchdog_ = std::chrono::microseconds(*time);
}

boost::asio::awaitable<void> service_manager::beat() const {
  if (watchdog_.count() == 0) co_return;
  co_await connector::quiet_cancellation();
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  do {
    tell("WATCHDOG=1");
  } while (co_await connector::wait_for(timer, watchdog_ / 2));
}

void service_manager::tell(std::string_view state) const {
  if (socket_.get() < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  address_.copy(to.sun_path, longest_address);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  // C's socket calls take every kind of address as a sockaddr.
  ::sendto(socket_.get(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&to), size);
}

}  // namespace worker::cli
