// Tells systemd how the service is: started, stopping, alive. The protocol is sd_notify(3):
// datagrams to the socket that NOTIFY_SOCKET names. Without that variable nothing is sent. A
// datagram that the manager does not take is dropped; a missing one makes the manager act, as it
// should. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "connector/base/descriptor.h"

namespace worker::cli {

class service_manager {
 public:
  // The values of NOTIFY_SOCKET (a path, or a name after '@') and WATCHDOG_USEC (microseconds);
  // empty: the variable is not set. Another value counts as empty.
  service_manager(std::string_view notify_socket, std::string_view watchdog_usec);

  void started() const { tell("READY=1"); }
  void stopping() const { tell("STOPPING=1"); }
  // Shows that the loop makes progress, twice in each watchdog time. Ends at once when there is no
  // watchdog, else by cancellation.
  [[nodiscard]] boost::asio::awaitable<void> beat() const;
  // Zero: there is no watchdog.
  [[nodiscard]] std::chrono::microseconds watchdog() const { return watchdog_; }

 private:
  void tell(std::string_view state) const;

  std::string address_;  // of the socket; a name begins with a zero byte
  connector::descriptor socket_{-1};
  std::chrono::microseconds watchdog_{0};
};

}  // namespace worker::cli
