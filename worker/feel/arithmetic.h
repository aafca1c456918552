// + - * / ** of two values. An error where the kinds do not go together; `fail` is set where
// FEEL-Scala throws, which ends the evaluation.
#pragma once

#include <string>

#include "worker/feel/call.h"
#include "worker/feel/value.h"

namespace worker::feel {

struct arithmetic_result {
  feel::value value;
  std::string failure;  // not empty: the evaluation fails
};

arithmetic_result add(const value& left, const value& right);
arithmetic_result subtract(const value& left, const value& right);
arithmetic_result multiply(const value& left, const value& right);
arithmetic_result divide(const value& left, const value& right);
arithmetic_result raise(const value& left, const value& right);

}  // namespace worker::feel
