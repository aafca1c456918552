// Variables that are no settings of the table but that other programs of the field read, so that
// they may stand in the environment for a reason: what is said of each when it is set. Constant.
#pragma once

#include <span>
#include <string_view>

namespace worker::config {

struct foreign_variable {
  enum class kind {
    aws,      // what credentials and regions are found by; read where the AWS side is put together
    login,    // asks for a login at the gateway, which this version cannot do
    address,  // says where the gateway is, in a way that means nothing here
    idle,     // means nothing here; worth a line, because whoever set it expects something
    quiet,    // means nothing here, and its absence changes nothing that was meant
  };
  std::string_view name;  // of those of the Spring runtime: without the marks between the words
  kind meaning = kind::quiet;
  std::string_view instead;  // the name that counts here; empty: there is none
};

std::span<const foreign_variable> foreign_variables();

// By name; those of the Spring runtime in each of their spellings. Nothing when it is none.
const foreign_variable* find_foreign(std::string_view name);

}  // namespace worker::config
