#include "worker/secrets/environment_source.h"

namespace worker::secrets {

finding environment_source::look_up(std::string_view name) {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? finding::missing() : finding::found(it->second);
}

std::string environment_source::describe() const {
  return "environment variables " + prefix_ + "*";
}

}  // namespace worker::secrets
