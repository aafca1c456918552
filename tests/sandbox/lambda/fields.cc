#include "tests/sandbox/lambda/fields.h"

#include <boost/json/parse.hpp>

namespace sandbox {

fields::fields(std::string_view payload) {
  boost::system::error_code failed;
  boost::json::value parsed = boost::json::parse(payload, failed);
  if (!failed && parsed.is_object()) object_ = std::move(parsed.as_object());
}

std::string fields::text(std::string_view name, std::string_view otherwise) const {
  const auto* found = object_.if_contains(name);
  const auto* value = found != nullptr ? found->if_string() : nullptr;
  return std::string(value != nullptr ? std::string_view(value->data(), value->size()) : otherwise);
}

std::uint64_t fields::number(std::string_view name, std::uint64_t otherwise,
                             std::uint64_t most) const {
  const auto* found = object_.if_contains(name);
  const auto* value = found != nullptr ? found->if_int64() : nullptr;
  if (value == nullptr || *value < 0) return otherwise;
  return std::min(static_cast<std::uint64_t>(*value), most);
}

}  // namespace sandbox
