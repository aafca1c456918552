#include "worker/feel/value.h"

#include <algorithm>

#include "worker/feel/nodes.h"

namespace worker::feel {

std::string_view name_of(kind type) {
  switch (type) {
    case kind::null:
      return "null";
    case kind::boolean:
      return "boolean";
    case kind::number:
      return "number";
    case kind::string:
      return "string";
    case kind::list:
      return "list";
    case kind::context:
      return "context";
    case kind::date:
      return "date";
    case kind::local_time:
    case kind::time:
      return "time";
    case kind::local_date_time:
    case kind::date_time:
      return "date and time";
    case kind::days_time_duration:
      return "days and time duration";
    case kind::years_months_duration:
      return "years and months duration";
    case kind::function:
      return "function";
    case kind::range:
      return "range";
    case kind::error:
    case kind::fatal:
      return "error";
  }
  return "null";
}

namespace {

std::uint32_t depth_of(const std::vector<value>& items) {
  std::uint32_t deepest = 0;
  for (const auto& item : items) deepest = std::max(deepest, item.depth());
  return deepest + 1;
}

std::uint32_t depth_of(const context& entries) {
  std::uint32_t deepest = 0;
  for (const auto& each : entries.variables()) deepest = std::max(deepest, each.value.depth());
  for (const auto& each : entries.functions()) deepest = std::max(deepest, each.value.depth());
  return deepest + 1;
}

template <class Node, class... From>
boost::intrusive_ptr<const node> make(From&&... from) {
  return boost::intrusive_ptr<const node>(new Node(std::forward<From>(from)...));
}

// `Plain` of a node that holds nothing else.
template <class Plain>
const Plain& held(const node* shared) {
  return static_cast<const nodes::plain<Plain>*>(shared)->contents;
}

}  // namespace

value::value(kind type, boost::intrusive_ptr<const node> shared) : kind_(type), boxed_(true) {
  in_.shared = shared.detach();
}

value::value(std::string text) : value(kind::string, make<nodes::own_string>(std::move(text))) {}
value::value(std::vector<value> items) : kind_(kind::list), boxed_(true) {
  const auto depth = depth_of(items);
  in_.shared = make<nodes::own_list>(depth, std::move(items)).detach();
}
value::value(feel::context entries) : kind_(kind::context), boxed_(true) {
  const auto depth = depth_of(entries);
  in_.shared = make<nodes::own_context>(depth, std::move(entries)).detach();
}
value nodes::written_context(feel::context entries) {
  const auto depth = depth_of(entries);
  auto* made = new own_context(depth, std::move(entries));
  made->literal = true;
  return value(kind::context, boost::intrusive_ptr<const node>(made));
}
value::value(feel::date from) : value(kind::date, make<nodes::plain<feel::date>>(from)) {}
value::value(feel::local_time from)
    : value(kind::local_time, make<nodes::plain<feel::local_time>>(from)) {}
value::value(zoned_time from)
    : value(kind::time, make<nodes::plain<zoned_time>>(std::move(from))) {}
value::value(feel::local_date_time from)
    : value(kind::local_date_time, make<nodes::plain<feel::local_date_time>>(from)) {}
value::value(zoned_date_time from)
    : value(kind::date_time, make<nodes::plain<zoned_date_time>>(std::move(from))) {}
value::value(feel::days_time_duration from)
    : value(kind::days_time_duration, make<nodes::plain<feel::days_time_duration>>(from)) {}
value::value(feel::years_months_duration from)
    : value(kind::years_months_duration, make<nodes::plain<feel::years_months_duration>>(from)) {}
value::value(feel::range from)
    : value(kind::range, make<nodes::plain<feel::range>>(std::move(from))) {}
value value::error(std::string message) {
  return value(kind::error, make<nodes::own_string>(std::move(message)));
}
value value::fatal(std::string message) {
  return value(kind::fatal, make<nodes::own_string>(std::move(message)));
}

value& value::operator=(const value& other) noexcept {
  value copy(other);
  return *this = std::move(copy);
}

value& value::operator=(value&& other) noexcept {
  std::swap(kind_, other.kind_);
  std::swap(boxed_, other.boxed_);
  std::swap(in_, other.in_);
  return *this;
}

feel::number value::as_number() const {
  return boxed_ ? static_cast<const nodes::any_number*>(in_.shared)->read() : in_.number;
}
std::string_view value::as_string() const {
  return static_cast<const nodes::any_string*>(in_.shared)->text();
}
const std::vector<value>& value::items() const {
  return static_cast<const nodes::any_list*>(in_.shared)->items();
}
const feel::context& value::entries() const {
  return static_cast<const nodes::any_context*>(in_.shared)->entries();
}
std::size_t value::count() const {
  return static_cast<const nodes::any_list*>(in_.shared)->count();
}
value value::item(std::size_t at) const {
  return static_cast<const nodes::any_list*>(in_.shared)->item(at);
}
std::optional<value> value::member(std::string_view key) const {
  return static_cast<const nodes::any_context*>(in_.shared)->member(key);
}
const feel::date& value::as_date() const { return held<feel::date>(in_.shared); }
const feel::local_time& value::as_local_time() const { return held<feel::local_time>(in_.shared); }
const zoned_time& value::as_time() const { return held<zoned_time>(in_.shared); }
const feel::local_date_time& value::as_local_date_time() const {
  return held<feel::local_date_time>(in_.shared);
}
const zoned_date_time& value::as_date_time() const { return held<zoned_date_time>(in_.shared); }
const feel::days_time_duration& value::as_days_time_duration() const {
  return held<feel::days_time_duration>(in_.shared);
}
const feel::years_months_duration& value::as_years_months_duration() const {
  return held<feel::years_months_duration>(in_.shared);
}
const feel::range& value::as_range() const { return held<feel::range>(in_.shared); }

namespace {

constexpr std::size_t looked_through = 16;

std::size_t bytes_of_keys(const std::vector<entry>& of) {
  std::size_t bytes = 0;
  for (const auto& each : of) bytes += bytes_of_text(each.key.size());
  return bytes;
}

}  // namespace

std::size_t context::bytes_of(std::size_t count, std::size_t keys) {
  const auto entries = count * sizeof(entry) + keys;
  if (count <= looked_through) return entries;
  return entries + count * bytes_of_place<decltype(positions_)> + keys;
}

std::size_t context::bytes() const {
  return bytes_of(variables_.size(), bytes_of_keys(variables_)) +
         functions_.size() * sizeof(entry) + bytes_of_keys(functions_);
}

std::size_t context::position_of(std::string_view key) const {
  if (!positions_.empty()) {
    const auto found = positions_.find(key);
    return found == positions_.end() ? variables_.size() : found->second;
  }
  const auto found = std::find_if(variables_.begin(), variables_.end(),
                                  [key](const entry& each) { return each.key == key; });
  return static_cast<std::size_t>(found - variables_.begin());
}

void context::set(std::string key, value added) {
  const auto position = position_of(key);
  if (position < variables_.size()) {
    variables_[position].value = std::move(added);
    return;
  }
  if (!positions_.empty()) positions_.emplace(key, static_cast<std::uint32_t>(position));
  variables_.push_back({std::move(key), std::move(added)});
  if (positions_.empty() && variables_.size() > looked_through) {
    for (std::uint32_t at = 0; const auto& each : variables_) positions_.emplace(each.key, at++);
  }
}

void context::add_function(std::string name, value added) {
  functions_.push_back({std::move(name), std::move(added)});
}

const value* context::find(std::string_view key) const {
  const auto position = position_of(key);
  return position < variables_.size() ? &variables_[position].value : nullptr;
}

}  // namespace worker::feel
