// Puts secrets into the values of one task: which references count where, and what happens to the
// others. The bytes of strings without a reference do not change. Loop's thread; the sources and
// the registry must outlive the resolver.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/base/secret.h"
#include "connector/connector.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/source.h"
#include "worker/secrets/tenant_scope.h"

namespace worker::secrets {

enum class origin {
  header,    // from the model (or the operator's default headers)
  variable,  // data of the process: may hold what an end user typed
};

// One custom header or one input. All custom headers are given, not only those that are inputs.
struct task_value {
  connector::input_value input;  // value: JSON text; a header's text is quoted
  origin from = origin::variable;
};

// Which references count in variables.
enum class data_mode {
  listed,  // those of the header `secrets`, at the places that it names
  any,     // all (SECRETS_IN_DATA=any)
  // All, as the connector runtime spells them (runtime_references.h), for tasks that were written
  // for it.
  runtime,
};

// Bounds on what text from outside can do to a task.
struct resolve_limits {
  std::size_t names = 100;                       // different secrets of one task
  std::size_t inserted_bytes = 8 * 1024 * 1024;  // of all values put in, repetitions counted
};

// The operator's policy for one job: gives the name of the list that does not allow a secret, or an
// empty name when every list allows it.
using refusing_list = std::function<std::string_view(std::string_view name)>;

// Names it in messages: "The custom header region", "The input payload".
std::string label_of(const task_value& value);

struct resolved_task {
  std::vector<task_value> values;                 // the given ones, in their order
  std::vector<connector::secret_string> secrets;  // the values put in, each once
  // Redaction knows these values while the handles live; the job's outputs are masked with them.
  std::vector<redaction_registry::handle> known;
};

class resolver {
 public:
  // The sources are asked in this order. A value that is found enters `known` before the caller
  // gets it.
  explicit resolver(std::vector<source*> sources, data_mode in_data = data_mode::listed,
                    resolve_limits limits = {}, redaction_registry* known = nullptr);

  // The task's values with every reference that counts replaced. Errors:
  // - INVALID_INPUT: a reference where none may be, or a reference in a variable that the header
  //   `secrets` does not list;
  // - SECRET_ERROR, permanent: no source has the secret, or `refusing` names a list;
  // - SECRET_ERROR, not_started: a source is unavailable, or still stale after its refresh;
  // - REQUEST_TOO_LARGE.
  // No source is asked for a name that the policy does not allow. For a stale source resolve()
  // waits until it is refreshed, about 10 s at most; cancelling ends the wait.
  // `in_data`: of this task; else the resolver's own. `scope`: whose secrets the task finds;
  // nothing: every one.
  boost::asio::awaitable<connector::result<resolved_task>> resolve(
      std::vector<task_value> task, refusing_list refusing = {},
      std::optional<data_mode> in_data = std::nullopt,
      std::optional<tenant_scope> scope = std::nullopt) const;

  // The answer of the sources about one name, for the operator or within a scope. When a source is
  // stale and no later source has the secret, this starts the refresh of that source.
  [[nodiscard]] lookup_result look_up(std::string_view name,
                                      const tenant_scope* scope = nullptr) const;

  // For jobs of this tenant.
  void separate_tenants(tenant_mode mode) { tenants_ = mode; }
  [[nodiscard]] std::optional<tenant_scope> scope_of(std::string_view tenant) const {
    return secrets::scope_of(tenants_, tenant);
  }

  [[nodiscard]] data_mode in_data() const { return in_data_; }

  // How look-ups ended so far, by lookup_result::state.
  using lookup_counts = std::array<std::uint64_t, lookup_result::states>;
  [[nodiscard]] const lookup_counts& lookups() const { return lookups_; }

  // The sources in their order, for people: "files in /etc/secrets, environment variables
  // SECRET_*".
  [[nodiscard]] std::string describe() const;
  // The same with the names under which a scope's secret is looked for.
  [[nodiscard]] std::string describe(std::string_view name, const tenant_scope* scope) const;

 private:
  // The name in a source; nothing: it is not asked.
  using naming = std::function<std::optional<std::string>(const source& in)>;
  [[nodiscard]] lookup_result ask_sources(const naming& name_in) const;
  [[nodiscard]] lookup_result ask_within(const tenant_scope& scope, std::string_view name) const;

  std::vector<source*> sources_;
  data_mode in_data_;
  resolve_limits limits_;
  redaction_registry* known_;
  tenant_mode tenants_ = tenant_mode::off;
  mutable lookup_counts lookups_{};
};

// Whether a custom header of this name steers results or errors. Such a header may hold no
// reference.
bool is_steering_header(std::string_view name);

}  // namespace worker::secrets
