// The variables that an expression sees, put together from several sources: later ones hide earlier
// ones. Lives at least as long as an evaluation with it; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/feel/value.h"

namespace worker::feel {

class scope {
 public:
  // The entries of a context, which is not looked into before a name is asked for. What is no
  // context is left out.
  void add(value entries) {
    if (entries.is(kind::context)) layers_.push_back(std::move(entries));
  }
  void add(std::string name, value added);

  std::optional<value> find(std::string_view name) const;
  const std::vector<value>& layers() const { return layers_; }

 private:
  std::vector<value> layers_;
};

}  // namespace worker::feel
