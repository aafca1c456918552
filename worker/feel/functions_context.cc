// Built-in functions of the family "context".
#include <algorithm>
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/function_table.h"

namespace worker::feel {

namespace {

bool all_are(call& of, const value& list, kind type) {
  if (!of.spend(steps_of_glances(list.items().size()))) return false;
  const auto& items = list.items();
  return std::all_of(items.begin(), items.end(),
                     [type](const value& each) { return each.is(type); });
}

// A context with room for the variables of these and for another one, whose key takes `keys` bytes;
// counted. Nothing when a limit is reached.
std::optional<context> room_for(call& of, std::span<const value> contexts, std::size_t keys = 0) {
  std::size_t count = 1;
  for (const auto& each : contexts) {
    const auto& all = each.entries().variables();
    count += all.size();
    for (const auto& one : all) keys += bytes_of_text(one.key.size());
  }
  if (!of.spend(count) || !of.spend_bytes(context::bytes_of(count, keys))) return std::nullopt;
  context made;
  made.reserve(count);
  return made;
}

// The variables of a context, without its functions.
void add_variables(context& to, const value& from) {
  for (const auto& each : from.entries().variables()) to.set(each.key, each.value);
}

value get_entries(call& of) {
  if (!of.is(0, kind::context)) return of.no_match();
  std::vector<value> entries;
  const auto& all = of[0].entries().variables();
  if (!of.grow(entries, all.size())) return {};
  for (const auto& each : all) {
    const auto bytes = context::bytes_of(2, bytes_of_text(each.key.size()));
    if (!of.spend(1) || !of.spend_bytes(bytes)) return {};
    context pair;
    pair.reserve(2);
    pair.set("key", value(each.key));
    pair.set("value", each.value);
    entries.push_back(of.context_of(std::move(pair)));
  }
  return of.list(std::move(entries));
}

value at_keys(const value& from, const std::vector<value>& keys) {
  if (keys.empty()) return {};
  auto inside = from;
  for (const auto& key : keys) {
    if (!inside.is(kind::context)) return {};
    auto next = inside.member(key.as_string());
    if (!next) return {};
    inside = *std::move(next);
  }
  return inside;
}

value get_value(call& of) {
  if (!of.is(0, kind::context)) return of.no_match();
  if (of.is(1, kind::list)) {
    return all_are(of, of[1], kind::string) ? at_keys(of[0], of[1].items()) : value();
  }
  if (!of.is(1, kind::string)) return of.no_match();
  return of[0].member(of[1].as_string()).value_or(value());
}

value get_value_by_keys(call& of) {
  if (!of.is(0, kind::context) || !of.is(1, kind::list)) return of.no_match();
  return get_value(of);
}

value put_at(call& of, const value& into, std::span<const value> keys, const value& put) {
  const auto key = std::string(keys.front().as_string());
  auto changed = room_for(of, std::span(&into, 1), bytes_of_text(key.size()));
  if (!changed) return {};
  add_variables(*changed, into);
  if (keys.size() == 1) {
    changed->set(key, put);
    return of.context_of(*std::move(changed));
  }
  const auto inside = into.member(key);
  const auto next = inside && inside->is(kind::context) ? *inside : value(context());
  // As deep as the result: a bound on that is one on the recursion.
  if (keys.size() > 1'000) return of.fail("context put: more than 1000 keys");
  changed->set(key, put_at(of, next, keys.subspan(1), put));
  return of.context_of(*std::move(changed));
}

value put_by_keys(call& of) {
  if (!of.is(0, kind::context) || !of.is(1, kind::list)) return of.no_match();
  const auto& keys = of[1].items();
  if (keys.empty()) return {};
  if (!all_are(of, of[1], kind::string)) return of.no_match();
  return put_at(of, of[0], keys, of[2]);
}

value put(call& of) {
  if (!of.is(1, kind::string)) return put_by_keys(of);
  if (!of.is(0, kind::context)) return of.no_match();
  return put_at(of, of[0], of.arguments().subspan(1, 1), of[2]);
}

value merge(call& of) {
  if (!of.is(0, kind::list) || !all_are(of, of[0], kind::context)) return {};
  const auto& all = of[0].items();
  auto merged = room_for(of, all);
  if (!merged) return {};
  for (const auto& each : all) add_variables(*merged, each);
  return of.context_of(*std::move(merged));
}

value from_entries(call& of) {
  if (!of.is(0, kind::list) || !all_are(of, of[0], kind::context)) return {};
  const auto& all = of[0].items();
  if (!of.spend(all.size()) || !of.spend_bytes(context::bytes_of(all.size(), 0))) return {};
  context made;
  made.reserve(all.size());
  for (const auto& each : all) {
    const auto key = each.member("key");
    auto member = each.member("value");
    if (!key || !key->is(kind::string) || !member) return {};
    const auto name = key->as_string();
    if (!of.spend_bytes(2 * bytes_of_text(name.size()))) return {};
    made.set(std::string(name), *std::move(member));
  }
  return of.context_of(std::move(made));
}

constexpr std::array context_table{
    function_row{"get entries",
                 {"context"},
                 get_entries,
                 "The entries of a context as a list of contexts with key and value."},
    function_row{"get entries", {"m"}, get_entries, "The same, by its older parameter's name."},
    function_row{"get value",
                 {"m", "key"},
                 get_value,
                 "The value of a key, or of a list of keys that leads into nested contexts."},
    function_row{"get value", {"context", "key"}, get_value, "The same."},
    function_row{"get value",
                 {"context", "keys"},
                 get_value_by_keys,
                 "The value that a list of keys leads to."},
    function_row{"context put",
                 {"context", "key", "value"},
                 put,
                 "The context with one entry more, or another value of one."},
    function_row{
        "context put",
        {"context", "keys", "value"},
        put_by_keys,
        "The same in a nested context; contexts on the way are made when they are missing."},
    function_row{"put", {"context", "key", "value"}, put, "The older name of context put."},
    function_row{"context merge",
                 {"contexts"},
                 merge,
                 "The entries of all contexts; of two with one key the later one.",
                 true},
    function_row{"put all", {"contexts"}, merge, "The older name of context merge.", true},
    function_row{"context",
                 {"entries"},
                 from_entries,
                 "A context of a list of contexts with key and value."},
};

}  // namespace

std::span<const function_row> context_functions() { return context_table; }

}  // namespace worker::feel
