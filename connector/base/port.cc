#include "connector/base/port.h"

#include "connector/base/number.h"

namespace connector {

std::optional<std::uint16_t> port_of(std::string_view digits) {
  return integer_in<std::uint16_t>(digits, 1, UINT16_MAX);
}

}  // namespace connector
