// What values share, by kind. For value.cc and json_nodes.cc alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/feel/value.h"

namespace worker::feel::nodes {

struct any_number : node {
  using node::node;
  virtual feel::number read() const = 0;
};

struct any_string : node {
  using node::node;
  virtual std::string_view text() const = 0;
};

struct any_list : node {
  using node::node;
  virtual const std::vector<value>& items() const = 0;
  virtual std::size_t count() const { return items().size(); }
  // Of one that is there.
  virtual value item(std::size_t at) const { return items()[at]; }
};

struct any_context : node {
  using node::node;
  virtual const feel::context& entries() const = 0;
  virtual std::optional<value> member(std::string_view key) const {
    const auto* const found = entries().find(key);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
};

struct own_string final : any_string {
  explicit own_string(std::string from) : contents(std::move(from)) {}
  std::string_view text() const override { return contents; }
  std::string contents;
};

struct own_list final : any_list {
  own_list(std::uint32_t depth, std::vector<value> from)
      : any_list(depth), contents(std::move(from)) {}
  const std::vector<value>& items() const override { return contents; }
  std::vector<value> contents;
};

struct own_context final : any_context {
  own_context(std::uint32_t depth, feel::context from)
      : any_context(depth), contents(std::move(from)) {}
  const feel::context& entries() const override { return contents; }
  feel::context contents;
  bool literal = false;  // written as { } in the expression
};

value written_context(feel::context entries);

// Whether a context was written as { } in the expression.
inline bool written(const value& of) {
  const auto* own = dynamic_cast<const own_context*>(of.shared());
  return own != nullptr && own->literal;
}

// Temporal values and ranges.
template <class Plain>
struct plain final : node {
  explicit plain(Plain from) : contents(std::move(from)) {}
  Plain contents;
};

}  // namespace worker::feel::nodes
