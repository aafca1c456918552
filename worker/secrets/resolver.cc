#include "worker/secrets/resolver.h"

#include <fmt/format.h>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "worker/secrets/listing.h"
#include "worker/secrets/references.h"
#include "worker/secrets/substitution.h"

namespace worker::secrets {

namespace {

namespace json = connector::json;

// The secrets that the model lets variables refer to; an empty listing without the header.
connector::result<listing> listed_in(const std::vector<task_value>& task) {
  for (const auto& value : task) {
    if (value.from != origin::header || value.input.name != "secrets") continue;
    const auto text = json::text_of(value.input.value);
    auto listed = text ? listing::read(*text) : std::nullopt;
    if (listed) return *std::move(listed);
    return connector::bad_input(
        "The custom header secrets must be a comma list of NAME or place:NAME, such as "
        "payload.items[0].token:API_TOKEN. A name has letters, digits and _ . / -, the first a "
        "letter or digit, without secrets. in front and without braces; there are at most 100.");
  }
  return listing();
}

// On an error the value stays as it is.
void replace_in(task_value& value, data_mode in_data, substitution& state) {
  if (!may_hold_reference(value.input.value)) return;
  state.begin_value(label_of(value), value.input.name);
  if (value.from == origin::header && is_steering_header(value.input.name)) {
    state.refuse_references(value.input);
    return;
  }
  const bool trusted = value.from == origin::header ||
                       (in_data == data_mode::any && value.input.name == "authentication");
  state.replace_references(value.input, trusted ? trust::model : trust::data);
}

resolved_task done(std::vector<task_value> task, substitution& state) {
  resolved_task out{std::move(task), {}, {}};
  state.move_secrets_to(out);
  return out;
}

}  // namespace

std::string label_of(const task_value& value) {
  return (value.from == origin::header ? "The custom header " : "The input ") + value.input.name;
}

bool is_steering_header(std::string_view name) {
  return name.starts_with("result") || name.starts_with("error") || name == "outputs" ||
         name == "bpmnErrors" || name == "secrets";
}

resolver::resolver(std::vector<source*> sources, data_mode in_data, resolve_limits limits,
                   redaction_registry* known)
    : sources_(std::move(sources)), in_data_(in_data), limits_(limits), known_(known) {}

std::string resolver::describe() const {
  std::string out;
  for (const auto* from : sources_) out += (out.empty() ? "" : ", ") + from->describe();
  return out.empty() ? "no source at all" : out;
}

std::string_view name_of(lookup_result::state result) {
  using state = lookup_result::state;
  switch (result) {
    case state::found:
      return "found";
    case state::missing:
      return "missing";
    case state::stale:
      return "stale";
    case state::unavailable:
      return "unavailable";
    case state::unusable:
      return "unusable";
  }
  return "";
}

std::string resolver::describe(std::string_view name, const tenant_scope* scope) const {
  auto out = describe();
  if (scope == nullptr || scope->tenant.empty()) return out;
  std::string own;
  for (const auto* from : sources_) {
    const auto named = own_name(scope->tenant, name, from->tenant_separator());
    if (!named || own.find(*named) != std::string::npos) continue;
    own += (own.empty() ? "" : " or ") + *named;
  }
  if (own.empty()) return out;
  return fmt::format("{}, as {} for the tenant{}", out, own,
                     scope->shared ? ", then as the shared one" : "");
}

lookup_result resolver::look_up(std::string_view name, const tenant_scope* scope) const {
  const naming as_it_is = [name](const source& /*in*/) { return std::optional<std::string>(name); };
  auto out = scope == nullptr ? ask_sources(as_it_is) : ask_within(*scope, name);
  ++lookups_.at(static_cast<std::size_t>(out.result));
  return out;
}

lookup_result resolver::ask_within(const tenant_scope& scope, std::string_view name) const {
  if (!scope.tenant.empty()) {
    auto own = ask_sources(
        [&](const source& in) { return own_name(scope.tenant, name, in.tenant_separator()); });
    // A source that cannot say may have the tenant's own: the shared one would be the wrong one.
    if (own.result != lookup_result::state::missing || !scope.shared) return own;
  }
  return ask_sources([&](const source& in) -> std::optional<std::string> {
    if (is_of_a_tenant(name, in.tenant_separator())) return std::nullopt;
    return std::string(name);
  });
}

lookup_result resolver::ask_sources(const naming& name_in) const {
  lookup_result last = lookup_result::missing();
  for (source* from : sources_) {
    const auto name = name_in(*from);
    if (!name) continue;
    auto found = from->look_up(*name);
    if (found.result == lookup_result::state::missing) continue;
    if (found.result == lookup_result::state::stale) {
      found.stale_source = from;
      last = std::move(found);
      continue;
    }
    if (found.result == lookup_result::state::found) {
      // A value that JSON cannot carry would reach the function as another value.
      const auto value = found.value.reveal();
      auto quoted = json::quote(value);
      auto back = json::text_of(quoted);
      const bool same = back.has_value() && *back == value;
      connector::wipe(quoted);
      if (back) connector::wipe(*back);
      if (!same) return lookup_result::unusable("its value is not UTF-8 text");
      if (known_ != nullptr) found.known = known_->add(found.value);
    }
    return found;
  }
  if (last.stale_source != nullptr) last.stale_source->refresh();
  return last;
}

boost::asio::awaitable<connector::result<resolved_task>> resolver::resolve(
    std::vector<task_value> task, refusing_list refusing, std::optional<data_mode> in_data,
    std::optional<tenant_scope> scope) const {
  const auto mode = in_data.value_or(in_data_);
  auto listed = listed_in(task);
  if (!listed) co_return listed.error();
  substitution state(*this, mode, limits_, std::move(*listed), refusing, scope ? &*scope : nullptr);
  for (auto& value : task) {
    replace_in(value, mode, state);
    if (auto* const stale = state.stale_source()) {
      co_await stale->refreshed();
      state.reset_value();
      replace_in(value, mode, state);
    }
    if (const auto& error = state.first_error()) co_return *error;
  }
  co_return done(std::move(task), state);
}

}  // namespace worker::secrets
