#include "connector/base/shortened.h"

#include <utility>

#include "connector/base/utf8.h"

namespace connector {

namespace {

front_cutter& current() {
  static front_cutter the_cutter;
  return the_cutter;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
  const auto& cut = current();
  return cut ? cut(text, most) : std::string(cut_utf8(text, most));
}

void set_front_cutter(front_cutter cut) { current() = std::move(cut); }

}  // namespace connector
