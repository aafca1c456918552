#include "worker/secrets/substitution.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "connector/base/json.h"
#include "worker/secrets/references.h"

namespace worker::secrets {

namespace {

using connector::error;
using connector::error_code;
using connector::failure_class;
namespace json = connector::json;

// JSON text in a string of JSON text and so on; deeper than this it is taken for plain text.
constexpr int max_layers = 4;

constexpr std::string_view authentication = "authentication";

error secret_error(failure_class what, std::string message) {
  error made;
  made.code = error_code::secret_error;
  made.failure = what;
  made.message = std::move(message);
  return made;
}

// Objects, arrays and strings can hold references; a number or a word is JSON text without any.
bool is_json_with_strings(std::string_view text) {
  const auto inner = json::trim(text);
  if (inner.empty()) return false;
  const char first = inner.front();
  return (first == '{' || first == '[' || first == '"') && json::is_json(text);
}

}  // namespace

substitution::substitution(const resolver& from, data_mode in_data, const resolve_limits& limits,
                           listing listed, const refusing_list& refusing)
    : from_(from),
      in_data_(in_data),
      limits_(limits),
      listed_(std::move(listed)),
      refusing_(refusing) {}

finding substitution::look_up(std::string_view name) const {
  if (refusing_) {
    if (const auto list = refusing_(name); !list.empty()) {
      return finding::refused(fmt::format(
          "it is not on the allow-list {} of this worker, whose operator decides", list));
    }
  }
  return from_.look_up(name);
}

void substitution::enter(std::string called, std::string_view input) {
  called_ = std::move(called);
  input_ = input;
  way_ = way_down(input_);
  inserted_before_ = inserted_;
}

void substitution::step_back() {
  wrong_.reset();
  unsure_ = nullptr;
  inserted_ = inserted_before_;
  std::erase_if(looked_up_,
                [](const auto& each) { return each.second.result == finding::state::unsure; });
}

void substitution::fail(error wrong) {
  if (!wrong_) wrong_ = std::move(wrong);
}

void substitution::put_into(connector::input_value& input, trust whose) {
  if (json::kind_of(input.value) != json::kind::string) {
    auto after = way_.rewrite_strings(input.value,
                                      [&](std::string_view each) { return token(each, whose, 0); });
    if (!wrong_) input.value = std::move(after);
    return;
  }
  const auto before = json::text_of(input.value);
  if (auto after = token(json::trim(input.value), whose, 0); after && !wrong_) {
    input.value = std::move(*after);
    // Decided by the text as it was: a secret that looks like JSON does not make it JSON.
    if (before && !json::is_json(*before)) input.literal_text = true;
  }
}

void substitution::refuse_references(const connector::input_value& input) {
  const auto text = json::text_of(input.value);
  if (!text || (references_in(*text).empty() && !bare_name(*text))) return;
  fail(connector::bad_input(called_ +
                            " holds a reference to a secret. Headers that steer results and "
                            "errors never take secrets: remove the reference."));
}

std::optional<std::string> substitution::token(std::string_view token, trust whose, int depth) {
  if (wrong_ || !may_hold_reference(token)) return std::nullopt;
  const auto decoded = json::text_of(token);
  if (!decoded) {
    // A lone surrogate passes as the bytes it is, but cannot be written anew.
    if (!references_in(token).empty()) {
      fail(connector::bad_input(called_ +
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
    auto inner = way_.rewrite_strings(text, [&](std::string_view each) {
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
  if (const auto name = bare_name(text)) return bare(*name, whose);
  const auto references = references_in(text);
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
    // With `any`, text such as secrets.json stays text when there is no secret of that name. Every
    // name asked for counts, so that data cannot make the sources busy.
    if (!looked_up_.contains(name)) {
      if (looked_up_.size() == limits_.names) return std::nullopt;
      looked_up_.emplace(name, look_up(name));
    }
    if (looked_up_.find(name)->second.result == finding::state::missing) return std::nullopt;
  }
  const auto* value = value_of(name);
  if (value == nullptr || !count_inserted(value->reveal().size())) return std::nullopt;
  return std::string(value->reveal());
}

bool substitution::counts(std::string_view name) const { return listed_.counts(name, way_.here()); }

void substitution::fail_unlisted(std::string_view name) {
  auto entries = listed_.entries();
  const auto where = way_.here();
  entries.push_back(entry_for(name, where));
  // One field of the credentials may stand in a header, where every reference counts.
  const bool of_credentials = where && where->size() == 2 && where->front().name == authentication;
  fail(connector::bad_input(fmt::format(
      "{} holds {{{{secrets.{}}}}}. In variables a reference counts only where the model lists the "
      "secret: add the custom header secrets={} to the task{}, or keep the text out of the data.",
      called_, name, fmt::join(entries, ","),
      of_credentials
          ? fmt::format(", or write it into the custom header {} instead", text_of_place(*where))
          : "")));
}

const connector::secret_string* substitution::value_of(std::string_view name) {
  auto it = looked_up_.find(name);
  if (it == looked_up_.end()) {
    if (looked_up_.size() == limits_.names) {
      fail(connector::bad_input(fmt::format("{} brings the task to more than {} different secrets.",
                                            called_, limits_.names)));
      return nullptr;
    }
    it = looked_up_.emplace(name, look_up(name)).first;
  }
  const finding& found = it->second;
  switch (found.result) {
    case finding::state::found:
      return &found.value;
    case finding::state::missing:
      fail(secret_error(failure_class::permanent,
                        fmt::format("{} refers to the secret {}, which does not exist. Looked for "
                                    "in {}: add it there, or correct the name.",
                                    called_, name, from_.describe())));
      break;
    case finding::state::refused:
      fail(secret_error(failure_class::permanent,
                        fmt::format("{} refers to the secret {}, which cannot be used: {}.",
                                    called_, name, found.reason)));
      break;
    case finding::state::unsure:
      unsure_ = found.again;
      fail(secret_error(failure_class::not_started,
                        fmt::format("{} refers to the secret {}, which was not found, but not "
                                    "everywhere could be looked: {}. Looked for in {}.",
                                    called_, name, found.reason, from_.describe())));
      break;
    case finding::state::away:
      fail(secret_error(failure_class::not_started,
                        fmt::format("{} refers to the secret {}, which cannot be had now: {}.",
                                    called_, name, found.reason)));
      break;
  }
  return nullptr;
}

bool substitution::count_inserted(std::size_t bytes) {
  inserted_ += bytes;
  if (inserted_ <= limits_.inserted_bytes) return true;
  error wrong;
  wrong.code = error_code::request_too_large;
  wrong.message = fmt::format("{} brings the secrets put into the task to more than {} bytes.",
                              called_, limits_.inserted_bytes);
  fail(std::move(wrong));
  return false;
}

void substitution::take_secrets(resolved_task& into) {
  for (auto& [name, found] : looked_up_) {
    if (found.result != finding::state::found) continue;
    into.secrets.push_back(std::move(found.value));
    if (found.known) into.known.push_back(std::move(found.known));
  }
}

}  // namespace worker::secrets
