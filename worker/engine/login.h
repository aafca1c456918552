// The login at the gateway as the engine room needs it: the value of the metadata
// `authorization`, and the meaning of a refusal. worker/program puts one in; without one, calls
// carry no such metadata. Outlives every call. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

#include "connector/base/clock.h"
#include "connector/base/secret.h"
#include "worker/engine/types.h"

namespace worker::engine {

template <class T>
using granted = boost::system::result<T, status>;

// granted<T>::value() calls it for a status; a bug in our code.
[[noreturn]] inline void throw_exception_from_error(const status& e,
                                                    const boost::source_location&) {
  throw std::logic_error("value of a failed login: " + e.message);
}

class login {
 public:
  login() = default;
  login(const login&) = delete;
  login& operator=(const login&) = delete;
  virtual ~login() = default;

  // The value for a call that begins now ("Bearer ..."). A status: there is none, so the call is
  // not made and ends with it; UNAVAILABLE passes by itself, UNAUTHENTICATED needs another setting.
  virtual boost::asio::awaitable<granted<connector::secret_string>> authorization(
      connector::deadline end) = 0;

  // The gateway answered UNAUTHENTICATED to a call with this value. True: authorization() may give
  // another one now.
  virtual bool refused(const connector::secret_string& value) = 0;
};

}  // namespace worker::engine
