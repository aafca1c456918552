#include "worker/secrets/tenant_scope.h"

#include "worker/secrets/references.h"

namespace worker::secrets {

std::optional<tenant_scope> scope_of(tenant_mode mode, std::string_view tenant) {
  if (mode == tenant_mode::off) return std::nullopt;
  if (tenant.empty() || tenant == "<default>") return tenant_scope{};
  return tenant_scope{std::string(tenant), mode == tenant_mode::first};
}

std::optional<std::string> own_name(std::string_view tenant, std::string_view name,
                                    std::string_view separator) {
  if (tenant.empty()) return std::nullopt;
  auto out = std::string(tenant).append(separator).append(name);
  // The first separator ends the tenant, so that each name is read in one way.
  if (out.find(separator) != tenant.size() || !is_name(out)) return std::nullopt;
  return out;
}

bool is_of_a_tenant(std::string_view name, std::string_view separator) {
  return name.find(separator) != std::string_view::npos;
}

}  // namespace worker::secrets
