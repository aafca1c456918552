// result<T>: a value or an error. The only way in which our functions fail while the worker runs.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>

#include "connector/base/error.h"

namespace connector {

template <class T>
using result = boost::system::result<T, error>;

// result<T>::value() calls it for an error. That is a bug in our code; the wall of the job catches
// it.
[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw std::logic_error("value of a failed result: " + e.message);
}

}  // namespace connector
