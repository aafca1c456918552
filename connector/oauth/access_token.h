// An access token of OAuth 2.0, and why there is none. Plain values.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

#include "connector/base/clock.h"
#include "connector/base/secret.h"

namespace connector::oauth {

struct access_token {
  secret_string value;  // printable ASCII without blanks: it can stand in a header
  // Of our own clock: a token server names a life, and the machine's wall clock may be wrong.
  boot_clock::time_point since;  // its life began at the latest now
  boot_clock::time_point expires;
};

// The longest life that is believed; a token that lives longer is renewed after that time.
inline constexpr std::chrono::hours longest_life{24};

struct token_failure {
  enum class kind {
    unavailable,  // the token server cannot answer now: worth another try
    rejected,     // it answered, and will say the same until a setting is changed
  };
  kind reason = kind::unavailable;
  // For people, one line: the token server, what is wrong, which setting to change. Never a secret.
  std::string message;
};

template <class T>
using result = boost::system::result<T, token_failure>;

// result<T>::value() calls it for a failure; a bug in our code.
[[noreturn]] inline void throw_exception_from_error(const token_failure& e,
                                                    const boost::source_location&) {
  throw std::logic_error("value of a failed request for a token: " + e.message);
}

// Whether `text` can be a token: 1 to 32,768 bytes of printable ASCII without blanks.
bool is_token(std::string_view text);

}  // namespace connector::oauth
