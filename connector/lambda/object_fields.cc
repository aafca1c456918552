#include "connector/lambda/object_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/secret.h"
#include "connector/base/shortened.h"
#include "connector/lambda/input_reader.h"

namespace connector::lambda {

namespace {

constexpr std::size_t max_steps = 8;

// A name as a reader sees it; what is not text (half of a surrogate pair) stays as it is written.
std::string resolved(std::string_view name) {
  if (name.find('\\') == std::string_view::npos) return std::string(name);
  return json::text_of(fmt::format("\"{}\"", name)).value_or(std::string(name));
}

// The names after the input's own; empty when one of them is, or when there are too many.
std::vector<std::string_view> steps_of(std::string_view path) {
  std::vector<std::string_view> steps;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos;) {
    path.remove_prefix(dot + 1);
    dot = path.find('.');
    steps.push_back(path.substr(0, dot));
  }
  const bool good =
      steps.size() <= max_steps &&
      std::none_of(steps.begin(), steps.end(), [](auto each) { return each.empty(); });
  return good ? steps : std::vector<std::string_view>();
}

// {"a":{"b":value}} for the steps a, b.
std::string nested(const std::vector<std::string_view>& steps, std::size_t from,
                   std::string_view value) {
  std::string out;
  for (std::size_t i = from; i < steps.size(); ++i)
    out += fmt::format("{{{}:", json::quote(steps[i]));
  out += value;
  return out.append(steps.size() - from, '}');
}

std::string replaced(std::string_view whole, std::string_view part, std::string_view by) {
  const auto at = static_cast<std::size_t>(part.data() - whole.data());
  std::string out;
  out.reserve(whole.size() + by.size());
  return out.append(whole.substr(0, at)).append(by).append(whole.substr(at + part.size()));
}

}  // namespace

// One pass over checked JSON, so that depth costs no time: the names of each object that is open.
std::optional<std::string> repeated_name(std::string_view value) {
  struct level {
    bool object = false;
    std::set<std::string> names;
  };
  std::vector<level> open;
  bool name_next = false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    switch (value[at]) {
      case '{':
      case '[':
        name_next = value[at] == '{';
        open.push_back({name_next, {}});
        break;
      case '}':
      case ']':
        open.pop_back();
        name_next = false;
        break;
      case ',':
        name_next = !open.empty() && open.back().object;
        break;
      case '"': {
        const std::size_t start = ++at;
        while (value[at] != '"') at += value[at] == '\\' ? 2U : 1U;
        if (!std::exchange(name_next, false)) break;
        auto name = resolved(value.substr(start, at - start));
        if (open.back().names.contains(name)) return name;
        open.back().names.insert(std::move(name));
        break;
      }
      default:
        break;
    }
  }
  return std::nullopt;
}

result<std::string> with_field(std::string object, std::string_view path, std::string_view value) {
  const auto steps = steps_of(path);
  if (steps.empty()) {
    return field_error(shortened(path, 100),
                       fmt::format("names no field: write names with a dot between each two, {} "
                                   "at most",
                                   max_steps));
  }
  std::string_view inside = object;
  std::string out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto [members, wrong] = json::members(inside);
    if (wrong) {
      wipe(object);
      return field_error(shortened(path, 100), wrong->reason);
    }
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& member) {
      return resolved(member.name) == steps[i];
    });
    if (found == members.end()) {
      const auto end = inside.rfind('}');
      const auto last = inside.substr(end, 1);
      out = replaced(object, last,
                     fmt::format("{}{}:{}}}", members.empty() ? "" : ",", json::quote(steps[i]),
                                 nested(steps, i + 1, value)));
      break;
    }
    if (i + 1 == steps.size() || found->value == "null") {
      out = replaced(object, found->value, nested(steps, i + 1, value));
      break;
    }
    const auto kind = json::kind_of(found->value);
    if (kind != json::kind::object) {
      wipe(object);
      return field_error(shortened(path, 100),
                         fmt::format("{} must be an object, not {}", shortened(steps[i], 64),
                                     json::describe(kind)));
    }
    inside = found->value;
  }
  wipe(object);
  return out;
}

}  // namespace connector::lambda
