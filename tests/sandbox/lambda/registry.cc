#include "tests/sandbox/lambda/registry.h"

#include <algorithm>

namespace sandbox {

std::optional<std::string> registered_function::resolve(std::string_view qualifier) const {
  if (qualifier.empty() || qualifier == "$LATEST") return "$LATEST";
  const auto& versions = options.versions;
  if (qualifier == "$LATEST.PUBLISHED") {
    return versions.empty() ? std::nullopt : std::optional(versions.back());
  }
  const auto alias = options.aliases.find(std::string(qualifier));
  if (alias != options.aliases.end()) return alias->second;
  const auto version = std::find(versions.begin(), versions.end(), qualifier);
  return version == versions.end() ? std::nullopt : std::optional(*version);
}

void registry::put(registered_function made) {
  auto shared = std::make_shared<const registered_function>(std::move(made));
  const std::lock_guard lock(guard_);
  functions_.insert_or_assign(shared->name, std::move(shared));
}

bool registry::remove(std::string_view name) {
  const std::lock_guard lock(guard_);
  const auto found = functions_.find(name);
  if (found == functions_.end()) return false;
  functions_.erase(found);
  return true;
}

registry::entry registry::find(std::string_view name) const {
  const std::lock_guard lock(guard_);
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : found->second;
}

std::vector<registry::entry> registry::list(std::string_view after, std::size_t most) const {
  const std::lock_guard lock(guard_);
  std::vector<entry> out;
  for (auto at = functions_.upper_bound(after); at != functions_.end() && out.size() < most; ++at) {
    out.push_back(at->second);
  }
  return out;
}

}  // namespace sandbox
