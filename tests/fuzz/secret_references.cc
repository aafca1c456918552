// The syntax of references: found ones lie in the text, in order, apart, and are spelt as they
// must.
#include "connector/base/json.h"
#include "tests/fuzz/secret_words.h"
#include "tests/fuzz/target.h"
#include "worker/secrets/listing.h"
#include "worker/secrets/references.h"

namespace fuzz {

namespace {

namespace secrets = worker::secrets;

std::string run_secret_references(std::string_view text) {
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
  if (const auto listed = secrets::listing::read(text)) {
    for (const auto& name : listed->without_place()) {
      if (!secrets::is_name(name)) return "a list with something that is no name";
    }
    for (const auto& entry : listed->entries()) {
      if (!secrets::listing::read(entry)) return "an entry that cannot be read alone";
    }
  }
  if (const auto where = secrets::place_of_text(text)) {
    if (secrets::place_of_text(secrets::text_of_place(*where)) != where) {
      return "a place that is another one when it is written";
    }
  }
  return {};
}

}  // namespace

target secret_references() {
  return {"SecretReferences", run_secret_references, secret_seeds(), secret_words()};
}

}  // namespace fuzz
