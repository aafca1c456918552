// The syntax of references: found ones lie in the text, in order, apart, and are spelt as they
// must.
#include "connector/base/json.h"
#include "tests/fuzz/secret_words.h"
#include "tests/fuzz/target.h"
#include "worker/secrets/references.h"

namespace fuzz {

namespace {

namespace secrets = worker::secrets;

std::string run(std::string_view text) {
  std::size_t free_from = 0;
  const auto found = secrets::references_in(text);
  for (const auto& each : found) {
    if (each.at < free_from || each.at + each.length > text.size()) return "references overlap";
    const auto whole = text.substr(each.at, each.length);
    if (!whole.starts_with("{{") || !whole.ends_with("}}")) return "a reference without braces";
    if (!secrets::is_name(each.name)) return "a reference to no name";
    if (whole.find(each.name) == std::string_view::npos) return "a name from elsewhere";
    free_from = each.at + each.length;
  }
  const bool any = !found.empty() || secrets::bare_name(text).has_value();
  if (any && !secrets::may_hold_reference(connector::json::quote(text))) {
    return "the quick look missed a reference";
  }
  if (const auto names = secrets::names_of_list(text)) {
    for (const auto& name : *names) {
      if (!secrets::is_name(name)) return "a list with something that is no name";
    }
  }
  return {};
}

}  // namespace

target secret_references() { return {"SecretReferences", run, secret_seeds(), secret_words()}; }

}  // namespace fuzz
