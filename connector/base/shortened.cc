#include "connector/base/shortened.h"

#include <utility>

#include "connector/base/utf8.h"

namespace connector {

namespace {

front_masker& current() {
  static front_masker the_masker;
  return the_masker;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
  const auto& mask = current();
  return mask ? mask(text, most) : std::string(cut_utf8(text, most));
}

void set_front_masker(front_masker mask) { current() = std::move(mask); }

}  // namespace connector
