// Secrets put into any document: it stays JSON, nothing unlisted is revealed, nothing is scanned
// twice.
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "tests/fuzz/secret_words.h"
#include "tests/fuzz/target.h"
#include "tests/unit/worker/secrets/resolving.h"

namespace fuzz {

namespace {

namespace json = connector::json;
namespace secrets = worker::secrets;

class known_secrets final : public secrets::source {
 public:
  secrets::lookup_result look_up(std::string_view name) override {
    if (name == "A") return found("plain-value");
    if (name == "NESTED") return found("{{secrets.UNLISTED}}");
    if (name == "QUOTES") return found("\"},\\ \n{\"x\":\"");
    if (name == "UNLISTED") return found("never-to-be-seen");
    if (name.starts_with("red/")) return found("of-another-tenant");
    if (name == "AWAY") return secrets::lookup_result::unavailable("it is away");
    return secrets::lookup_result::missing();
  }
  [[nodiscard]] std::string describe() const override { return "known secrets"; }

 private:
  static secrets::lookup_result found(std::string value) {
    return secrets::lookup_result::found(connector::secret_string(std::move(value)));
  }
};

// A job of the tenant blue finds none of red's secrets, whatever it names and wherever it counts.
std::string of_tenants(known_secrets& source, const std::string& value) {
  const secrets::resolver resolver({&source}, secrets::data_mode::any);
  for (const bool shared : {true, false}) {
    std::vector<secrets::task_value> task;
    task.push_back({{"payload", value, false}, secrets::origin::variable});
    const auto resolved = tests::resolve_now(resolver, std::move(task), {}, {},
                                             secrets::tenant_scope{"blue", shared});
    if (!resolved) continue;
    const auto& out = resolved->values[0].input.value;
    if (value.find("another") == std::string::npos && value.find("\\u00") == std::string::npos &&
        out.find("of-another-tenant") != std::string::npos) {
      return "another tenant's secret was put in";
    }
  }
  return {};
}

// Any JSON as it is; other text as the string it would be in a header.
std::string run_secret_resolver(std::string_view text) {
  const bool is_json = json::is_json(text);
  const std::string value = is_json ? std::string(text) : json::quote(text);
  const bool has_escape = value.find("\\u00") != std::string::npos;
  known_secrets source;
  const secrets::resolver resolver({&source});
  std::vector<secrets::task_value> task;
  task.push_back({{"secrets", json::quote("A,NESTED,QUOTES"), false}, secrets::origin::header});
  task.push_back({{"payload", value, false}, secrets::origin::variable});
  const auto resolved = tests::resolve_now(resolver, std::move(task));
  if (!resolved) return {};
  if (resolved->values.size() != 2) return "a value was lost";
  const auto& out = resolved->values[1].input.value;
  if (!json::is_json(out)) return "no JSON any more: " + out;
  // An input that spells the value itself, plainly or escaped, proves nothing.
  const bool spelt = value.find("seen") != std::string::npos || has_escape;
  if (!spelt && out.find("never-to-be-seen") != std::string::npos) {
    return "an unlisted secret was put in";
  }
  if (value.find("secrets.") == std::string::npos && !has_escape && out != value) {
    return "a value without a reference was changed";
  }
  return of_tenants(source, value);
}

}  // namespace

target secret_resolver() {
  return {"SecretResolver", run_secret_resolver, secret_seeds(), secret_words()};
}

}  // namespace fuzz
