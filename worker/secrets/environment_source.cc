#include "worker/secrets/environment_source.h"

namespace worker::secrets {

lookup_result environment_source::look_up(std::string_view name) {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? lookup_result::missing() : lookup_result::found(it->second);
}

std::string environment_source::describe() const {
  return "environment variables " + prefix_ + "*";
}

}  // namespace worker::secrets
