// Whose secrets a job may name. A secret of a tenant has the tenant's id before its name, and a
// separator of the source between them: acme/TOKEN is a file, or a member of the remote store,
// SECRET_acme__TOKEN a variable. So a name with a separator belongs to a tenant by its form, and no
// name that a task writes leads to another tenant's secret. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::secrets {

// What jobs of tenants find.
enum class tenant_mode {
  off,    // every job finds every name: tenants do not count
  first,  // the tenant's own secret, else the shared one
  only,   // the tenant's own secret
};

struct tenant_scope {
  std::string tenant;  // empty: the engine's default tenant, which has the shared secrets
  bool shared = true;  // the shared secrets too, where the tenant has none of that name
};

// Of a job of this tenant; nothing: tenants do not count.
std::optional<tenant_scope> scope_of(tenant_mode mode, std::string_view tenant);

// The name of the tenant's own secret in a source; nothing: the tenant can have none there. No two
// pairs of tenant and name have the same one.
std::optional<std::string> own_name(std::string_view tenant, std::string_view name,
                                    std::string_view separator);

// Whether a name has the form of a tenant's own.
bool is_of_a_tenant(std::string_view name, std::string_view separator);

}  // namespace worker::secrets
