// Variables that other programs of this field read and that are not settings of the table, and what
// the worker says about each when it is set. Constant.
#pragma once

#include <span>
#include <string_view>

namespace worker::config {

struct foreign_variable {
  enum class kind {
    aws,      // finds credentials and regions; worker/program reads it
    address,  // an address of the gateway that the worker does not read
    idle,     // the worker does not read it; a warning, because the operator expects an effect
    quiet,    // the worker does not read it, and its effect is not missed
  };
  std::string_view name;  // a name of the Spring runtime has no marks between its words
  kind meaning = kind::quiet;
  std::string_view instead;  // the variable that the worker reads; empty: there is none
};

std::span<const foreign_variable> foreign_variables();

// By name, or by any spelling of a Spring name. Null when the table has no such variable.
const foreign_variable* find_foreign(std::string_view name);

}  // namespace worker::config
