// The custom headers of a job as the JSON text that the engine keeps.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "connector/base/json_writer.h"

namespace journey {

inline std::string headers(std::initializer_list<std::pair<const char*, std::string>> texts) {
  connector::json::object_writer out;
  for (const auto& [name, value] : texts) out.string(name, value);
  return out.take();
}

}  // namespace journey
