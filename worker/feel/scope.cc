#include "worker/feel/scope.h"

#include <utility>

namespace worker::feel {

void scope::add(std::string name, value added) {
  context one;
  if (added.is(kind::function)) {
    one.add_function(std::move(name), std::move(added));
  } else {
    one.set(std::move(name), std::move(added));
  }
  layers_.emplace_back(std::move(one));
}

std::optional<value> scope::find(std::string_view name) const {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if (auto found = layer->member(name)) return found;
  }
  return std::nullopt;
}

}  // namespace worker::feel
