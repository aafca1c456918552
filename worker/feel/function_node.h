// A function of the expression as a value: its definition and the names it can see. It keeps the
// tree that it was written in, so other expressions may call it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "worker/feel/frame.h"
#include "worker/feel/tree.h"
#include "worker/feel/value.h"

namespace worker::feel {

struct function_node final : node {
  function_node(const syntax& expression, kept_frames around)
      : node(around.depth() + 1),
        home(expression.home->shared_from_this()),
        definition(expression),
        frames(std::move(around)) {}
  std::shared_ptr<const tree> home;
  const syntax& definition;
  kept_frames frames;
};

inline const std::vector<std::string>& parameters(const value& function) {
  return static_cast<const function_node*>(function.shared())->definition.names;
}

}  // namespace worker::feel
