#include "worker/secrets/substitution.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "worker/secrets/references.h"
#include "worker/secrets/runtime_references.h"

namespace worker::secrets {

namespace {

using connector::error;
using connector::error_code;
using connector::failure_class;
namespace json = connector::json;

// JSON text in a string of JSON text and so on; deeper than this it is taken for plain text.
constexpr int max_layers = 4;

constexpr std::string_view authentication = "authentication";

error secret_error(failure_class failure, std::string message) {
  error made;
  made.code = error_code::secret_error;
  made.failure = failure;
  made.message = std::move(message);
  return made;
}

// Objects, arrays and strings can hold references; a number or a word is JSON text without any.
bool is_json_with_strings(std::string_view text) {
  const auto inner = connector::ascii::trim(text);
  if (inner.empty()) return false;
  const char first = inner.front();
  return (first == '{' || first == '[' || first == '"') && json::is_json(text);
}

}  // namespace

substitution::substitution(const resolver& from, data_mode in_data, const resolve_limits& limits,
                           listing listed, const refusing_list& refusing, const tenant_scope* scope)
    : from_(from),
      in_data_(in_data),
      limits_(limits),
      listed_(std::move(listed)),
      refusing_(refusing),
      scope_(scope) {}

std::optional<lookup_result> substitution::refusal_of(std::string_view name) const {
  if (!refusing_) return std::nullopt;
  const auto list = refusing_(name);
  if (list.empty()) return std::nullopt;
  return lookup_result::unusable(
      fmt::format("it is not on the allow-list {} of this worker, whose operator decides", list));
}

lookup_result substitution::ask(std::string_view name) const {
  auto found = from_.look_up(name, scope_);
  if (found.named_by.empty()) return found;
  return lookup_result::unusable(fmt::format(
      "its file is the worker's own, which {} names, and tasks cannot use it", found.named_by));
}

lookup_result substitution::look_up(std::string_view name) const {
  if (auto refused = refusal_of(name)) return *std::move(refused);
  return ask(name);
}

lookup_result substitution::look_up_spelt(std::string_view name) const {
  if (in_data_ != data_mode::runtime) return look_up(name);
  // The list is about the spelling that has a secret. One that it does not have is not asked for,
  // and says nothing of the others.
  std::optional<lookup_result> refused;
  std::optional<lookup_result> asked;
  for (const auto& spelling : runtime_spellings(name)) {
    if (auto refusal = refusal_of(spelling)) {
      if (!refused) refused = std::move(refusal);
      continue;
    }
    auto found = ask(spelling);
    const bool missing = found.result == lookup_result::state::missing;
    if (!missing && found.result != lookup_result::state::stale) return found;
    if (!missing || !asked) asked = std::move(found);
  }
  if (!asked) return refused ? *std::move(refused) : lookup_result::missing();
  if (refused && asked->result == lookup_result::state::missing) {
    asked->reason = fmt::format(" It was not looked for in another spelling: {}.", refused->reason);
  }
  return *std::move(asked);
}

void substitution::begin_value(std::string label, std::string_view input) {
  label_ = std::move(label);
  input_ = input;
  tracker_ = place_tracker(input_);
  inserted_before_ = inserted_;
}

void substitution::reset_value() {
  first_error_.reset();
  stale_source_ = nullptr;
  inserted_ = inserted_before_;
  std::erase_if(looked_up_,
                [](const auto& each) { return each.second.result == lookup_result::state::stale; });
}

void substitution::fail(error e) {
  if (!first_error_) first_error_ = std::move(e);
}

void substitution::replace_references(connector::input_value& input, trust whose) {
  if (json::kind_of(input.value) != json::kind::string) {
    auto after = tracker_.rewrite_strings(
        input.value, [&](std::string_view each) { return token(each, whose, 0); });
    if (!first_error_) input.value = std::move(after);
    return;
  }
  const auto before = json::text_of(input.value);
  if (auto after = token(connector::ascii::trim(input.value), whose, 0); after && !first_error_) {
    input.value = std::move(*after);
    // Decided by the text before the replacement: a secret that looks like JSON must not turn text
    // into JSON.
    if (before && !json::is_json(*before)) input.literal_text = true;
  }
}

void substitution::refuse_references(const connector::input_value& input) {
  const auto text = json::text_of(input.value);
  if (!text || (references_in(*text).empty() && !bare_name(*text))) return;
  fail(connector::bad_input(label_ +
                            " holds a reference to a secret. Headers that steer results and "
                            "errors never take secrets: remove the reference."));
}

std::optional<std::string> substitution::token(std::string_view token, trust whose, int depth) {
  if (first_error_ || !may_hold_reference(token)) return std::nullopt;
  const auto decoded = json::text_of(token);
  if (!decoded) {
    // A lone surrogate stays as the bytes it is, but a string with one cannot be written again.
    if (!references_in(token).empty()) {
      fail(connector::bad_input(label_ +
                                " holds a string with a reference to a secret and half a "
                                "surrogate pair, which cannot be put together: repair its text."));
    }
    return std::nullopt;
  }
  const auto replaced = text(*decoded, whose, depth);
  if (!replaced) return std::nullopt;
  return json::quote(*replaced);
}

std::optional<std::string> substitution::text(std::string_view text, trust whose, int depth) {
  if (depth < max_layers && may_hold_reference(text) && is_json_with_strings(text)) {
    bool changed = false;
    auto inner = tracker_.rewrite_strings(text, [&](std::string_view each) {
      auto replaced = token(each, whose, depth + 1);
      changed = changed || replaced.has_value();
      return replaced;
    });
    if (!changed) return std::nullopt;
    return inner;
  }
  return plain_text(text, whose);
}

std::optional<std::string> substitution::plain_text(std::string_view text, trust whose) {
  const bool runtime = in_data_ == data_mode::runtime && whose == trust::data;
  if (!runtime) {
    if (const auto name = bare_name(text)) return bare(*name, whose);
  }
  const auto references = runtime ? runtime_references_in(text) : references_in(text);
  if (references.empty()) return std::nullopt;
  std::string out;
  std::size_t copied = 0;
  for (const auto& each : references) {
    if (whose == trust::data && in_data_ == data_mode::listed && !counts(each.name)) {
      fail_unlisted(each.name);
      return std::nullopt;
    }
    const auto* value = value_of(each.name);
    if (value == nullptr || !count_inserted(value->reveal().size())) return std::nullopt;
    out.append(text.substr(copied, each.at - copied)).append(value->reveal());
    copied = each.at + each.length;
  }
  out.append(text.substr(copied));
  return out;
}

std::optional<std::string> substitution::bare(std::string_view name, trust whose) {
  if (whose == trust::data && !counts(name)) {
    if (in_data_ == data_mode::listed) return std::nullopt;
    // With `any`, text such as secrets.json stays text when there is no secret of that name. Each
    // look-up counts against the limit, so that data cannot keep the sources busy.
    if (!looked_up_.contains(name)) {
      if (looked_up_.size() == limits_.names) return std::nullopt;
      looked_up_.emplace(name, look_up(name));
    }
    if (looked_up_.find(name)->second.result == lookup_result::state::missing) return std::nullopt;
  }
  const auto* value = value_of(name);
  if (value == nullptr || !count_inserted(value->reveal().size())) return std::nullopt;
  return std::string(value->reveal());
}

bool substitution::counts(std::string_view name) const {
  return listed_.counts(name, tracker_.here());
}

void substitution::fail_unlisted(std::string_view name) {
  auto entries = listed_.entries();
  const auto where = tracker_.here();
  entries.push_back(entry_for(name, where));
  // One field of the credentials may be a header, where every reference counts.
  const bool of_credentials = where && where->size() == 2 && where->front().name == authentication;
  fail(connector::bad_input(fmt::format(
      "{} holds {{{{secrets.{}}}}}. In variables a reference counts only where the model lists the "
      "secret: add the custom header secrets={} to the task{}, or keep the text out of the data.",
      label_, name, fmt::join(entries, ","),
      of_credentials
          ? fmt::format(", or write it into the custom header {} instead", text_of_place(*where))
          : "")));
}

const connector::secret_string* substitution::value_of(std::string_view name) {
  auto it = looked_up_.find(name);
  if (it == looked_up_.end()) {
    if (looked_up_.size() == limits_.names) {
      fail(connector::bad_input(fmt::format("{} brings the task to more than {} different secrets.",
                                            label_, limits_.names)));
      return nullptr;
    }
    it = looked_up_.emplace(name, look_up_spelt(name)).first;
  }
  const lookup_result& found = it->second;
  switch (found.result) {
    case lookup_result::state::found:
      return &found.value;
    case lookup_result::state::missing:
      fail(secret_error(failure_class::permanent,
                        fmt::format("{} refers to the secret {}, which does not exist. Looked for "
                                    "in {}: add it there, or correct the name.{}",
                                    label_, name, from_.describe(name, scope_), found.reason)));
      break;
    case lookup_result::state::unusable:
      fail(secret_error(failure_class::permanent,
                        fmt::format("{} refers to the secret {}, which cannot be used: {}.", label_,
                                    name, found.reason)));
      break;
    case lookup_result::state::stale:
      stale_source_ = found.stale_source;
      fail(secret_error(failure_class::not_started,
                        fmt::format("{} refers to the secret {}, which was not found, but not "
                                    "everywhere could be looked: {}. Looked for in {}.",
                                    label_, name, found.reason, from_.describe(name, scope_))));
      break;
    case lookup_result::state::unavailable:
      fail(secret_error(failure_class::not_started,
                        fmt::format("{} refers to the secret {}, which cannot be had now: {}.",
                                    label_, name, found.reason)));
      break;
  }
  return nullptr;
}

bool substitution::count_inserted(std::size_t bytes) {
  inserted_ += bytes;
  if (inserted_ <= limits_.inserted_bytes) return true;
  error e;
  e.code = error_code::request_too_large;
  e.message = fmt::format("{} brings the secrets put into the task to more than {} bytes.", label_,
                          limits_.inserted_bytes);
  fail(std::move(e));
  return false;
}

void substitution::move_secrets_to(resolved_task& into) {
  for (auto& [name, found] : looked_up_) {
    if (found.result != lookup_result::state::found) continue;
    into.secrets.push_back(std::move(found.value));
    if (found.known) into.known.push_back(std::move(found.known));
  }
}

}  // namespace worker::secrets
