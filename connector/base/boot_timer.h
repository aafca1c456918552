// A timer of the loop that goes by boot_clock, the clock of leases and deadlines; used as Asio's
// steady_timer is. A test that moves boot_clock moves these timers too. Loop's thread.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>

#include "connector/base/clock.h"

namespace connector {

using boot_timer = boost::asio::basic_waitable_timer<boot_clock>;

}  // namespace connector
