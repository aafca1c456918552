// The functions that exist, with their versions and aliases. All members on any thread; what find
// gives stays valid when the function is replaced or removed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sandbox/lambda/function.h"

namespace sandbox {

struct registered_function {
  std::string name;
  function body;
  function_options options;

  // The version that a qualifier (empty: $LATEST) means; nothing: there is none.
  std::optional<std::string> resolve(std::string_view qualifier) const;
};

class registry {
 public:
  using entry = std::shared_ptr<const registered_function>;

  void put(registered_function made);
  bool remove(std::string_view name);
  entry find(std::string_view name) const;
  // In the order of their names, those after `after` first, at most `most`.
  std::vector<entry> list(std::string_view after, std::size_t most) const;

 private:
  mutable std::mutex guard_;
  std::map<std::string, entry, std::less<>> functions_;
};

}  // namespace sandbox
