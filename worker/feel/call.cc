#include "worker/feel/call.h"

#include <algorithm>

namespace worker::feel {

bool call::are_numbers(std::size_t count) const {
  return std::all_of(arguments_.begin(), arguments_.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const value& each) { return each.is(kind::number); });
}

value call::no_match() const {
  std::string why = "the arguments are of kinds that it does not take: ";
  for (std::size_t at = 0; at < size(); ++at) {
    if (at > 0) why += ", ";
    why += name_of(arguments_[at].type());
  }
  return value::error(std::move(why));
}

value call::string(std::string_view text) {
  return spend_bytes(text.size()) ? value(std::string(text)) : value();
}

}  // namespace worker::feel
