// The fields of a payload that steer a built-in function; absent ones have a default.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox {

class fields {
 public:
  explicit fields(std::string_view payload);

  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  // Not negative and at most `most`; else `otherwise`.
  std::uint64_t number(std::string_view name, std::uint64_t otherwise, std::uint64_t most) const;
  bool has(std::string_view name) const { return object_.contains(name); }
  const boost::json::object& object() const { return object_; }

 private:
  boost::json::object object_;
};

}  // namespace sandbox
