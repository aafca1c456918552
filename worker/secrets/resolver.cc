#include "worker/secrets/resolver.h"

#include <set>

#include "connector/base/json.h"
#include "worker/secrets/references.h"
#include "worker/secrets/substitution.h"

namespace worker::secrets {

namespace {

namespace json = connector::json;

// The names that the model lets data refer to. Nothing wrong: no such header.
connector::result<std::set<std::string, std::less<>>> listed_names(
    const std::vector<task_value>& task) {
  std::set<std::string, std::less<>> listed;
  for (const auto& value : task) {
    if (value.from != origin::header || value.input.name != "secrets") continue;
    const auto text = json::text_of(value.input.value);
    const auto names = text ? names_of_list(*text) : std::nullopt;
    if (!names) {
      return connector::bad_input(
          "The custom header secrets must be a comma list of secret names: letters, digits and "
          "_ . / -, the first a letter or digit, without secrets. in front and without braces.");
    }
    listed.insert(names->begin(), names->end());
  }
  return listed;
}

std::string place_of(const task_value& value) {
  return (value.from == origin::header ? "The custom header " : "The input ") + value.input.name;
}

// A value that is wrong stays as it was.
void replace_in(task_value& value, substitution& state) {
  if (!may_hold_reference(value.input.value)) return;
  state.enter(place_of(value));
  if (value.from == origin::header && is_steering_header(value.input.name)) {
    state.refuse_references(value.input);
    return;
  }
  const bool trusted = value.from == origin::header || value.input.name == "authentication";
  state.put_into(value.input, trusted ? trust::model : trust::data);
}

resolved_task done(std::vector<task_value> task, substitution& state) {
  resolved_task out{std::move(task), {}, {}};
  state.take_secrets(out);
  return out;
}

}  // namespace

bool is_steering_header(std::string_view name) {
  return name.starts_with("result") || name.starts_with("error") || name == "outputs" ||
         name == "bpmnErrors" || name == "secrets";
}

resolver::resolver(std::vector<source*> sources, data_mode in_data, resolve_limits limits,
                   redaction_registry* known)
    : sources_(std::move(sources)), in_data_(in_data), limits_(limits), known_(known) {}

finding resolver::look_up(std::string_view name) const {
  finding last = finding::missing();
  for (source* from : sources_) {
    auto found = from->look_up(name);
    if (found.what == finding::state::missing) continue;
    if (found.what == finding::state::unsure) {
      found.again = from;
      last = std::move(found);
      continue;
    }
    if (found.what == finding::state::found) {
      // What JSON cannot carry would arrive as another value.
      const auto value = found.value.reveal();
      auto quoted = json::quote(value);
      auto back = json::text_of(quoted);
      const bool same = back.has_value() && *back == value;
      connector::wipe(quoted);
      if (back) connector::wipe(*back);
      if (!same) return finding::refused("its value is not UTF-8 text");
      if (known_ != nullptr) found.known = known_->add(found.value);
    }
    return found;
  }
  if (last.again != nullptr) last.again->look_again();
  return last;
}

connector::result<resolved_task> resolver::resolve(std::vector<task_value> task,
                                                   const refusing_list& refusing) const {
  auto listed = listed_names(task);
  if (!listed) return listed.error();
  substitution state(*this, in_data_, limits_, std::move(*listed), refusing);
  for (auto& value : task) {
    replace_in(value, state);
    if (const auto& wrong = state.wrong()) return *wrong;
  }
  return done(std::move(task), state);
}

boost::asio::awaitable<connector::result<resolved_task>> resolver::resolve_surely(
    std::vector<task_value> task, refusing_list refusing) const {
  auto listed = listed_names(task);
  if (!listed) co_return listed.error();
  substitution state(*this, in_data_, limits_, std::move(*listed), refusing);
  for (auto& value : task) {
    replace_in(value, state);
    if (auto* const unsure = state.unsure()) {
      co_await unsure->looked();
      state.step_back();
      replace_in(value, state);
    }
    if (const auto& wrong = state.wrong()) co_return *wrong;
  }
  co_return done(std::move(task), state);
}

}  // namespace worker::secrets
