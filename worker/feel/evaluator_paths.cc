// Variables, paths and filters.
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/evaluator.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

value evaluator::variable(const syntax& expression, const frame* in) {
  const auto& name = expression.names.front();
  std::optional<value> found;
  for (; in != nullptr && !found; in = in->outer) found = in->find(name);
  if (!found) found = variables_.find(name);
  if (!found) {
    if (wants_warnings()) warn(expression.offset, "there is no variable '" + name + "'");
    return {};
  }
  auto of = *std::move(found);
  for (std::size_t at = 1; at < expression.names.size(); ++at)
    of = path(of, expression.names[at], expression.offset);
  return of;
}

value evaluator::path(const value& of, std::string_view key, std::uint32_t offset) {
  if (of.is(kind::context)) {
    if (auto found = of.member(key)) return *std::move(found);
    if (wants_warnings()) warn(offset, "the context has no entry '" + std::string(key) + "'");
    return {};
  }
  if (of.is(kind::list)) {
    const auto& items = of.items();
    if (!spend(items.size()) || !spend_items(items.size())) return {};
    std::vector<value> found;
    found.reserve(items.size());
    for (const auto& item : items) found.push_back(path(item, key, offset));
    return value(std::move(found));
  }
  if (is_temporal(of.type())) {
    if (auto property = temporal_property(of, key)) return std::move(*property);
  }
  if (wants_warnings()) {
    warn(offset, std::string(name_of(of.type())) + " has no property '" + std::string(key) + "'");
  }
  return {};
}

value evaluator::postfix(const syntax& expression, const frame* in) {
  auto of = eval(*expression.parts[0], in);
  for (const auto& step : expression.steps) {
    if (stopped() || of.is(kind::fatal)) return of;
    if (step.filter != nullptr) {
      of = filtered(of, *step.filter, in, step.offset);
    } else if (!of.is(kind::error)) {
      of = path(of, step.path, step.offset);
    }
  }
  return of;
}

namespace {

// 1 is the first item, -1 the last; what is behind a point does not count.
value item_at(const value& list, const number& index) {
  const number size(static_cast<std::int64_t>(list.count()));
  const auto from_start = index > number(0) ? index - number(1) : size + index;
  if (from_start < number(0) || from_start >= size) return {};
  const auto whole = from_start.rounded(0, rounding::down).to_int64();
  return whole ? list.item(static_cast<std::size_t>(*whole)) : value();
}

bool is_condition(const syntax& filter) {
  return filter.operation == op::call || filter.operation == op::path_call ||
         (filter.operation == op::compare && filter.comparison != relation::not_equal);
}

}  // namespace

value evaluator::filtered(const value& list, const syntax& filter, const frame* in,
                          std::uint32_t offset) {
  if (!list.is(kind::list)) {
    if (!list.is(kind::error) && wants_warnings()) {
      warn(offset, "only lists have items, not " + std::string(name_of(list.type())));
    }
    return {};
  }
  if (!is_condition(filter)) {
    // A filter that is a number without looking at an item is an index.
    const auto quiet = warnings_.size();
    const auto index = eval(filter, in);
    if (index.is(kind::number)) return item_at(list, index.as_number());
    warnings_.resize(quiet);
  }
  auto result = filtered_by_item(list, filter, in);
  return result.is(kind::error) ? value() : result;
}

value evaluator::filter_item(const value& item, const syntax& filter, const frame* in) {
  static constexpr std::string_view name = "item";
  frame inside;
  inside.outer = in;
  context functions;
  if (item.is(kind::function)) {
    functions.add_function(std::string(name), item);
    inside.entries = &functions;
    return eval(filter, &inside);
  }
  inside.names = std::span(&name, 1);
  inside.values = std::span(&item, 1);
  if (!item.is(kind::context)) return eval(filter, &inside);
  frame entries;
  entries.outer = &inside;
  entries.within = &item;
  return eval(filter, &entries);
}

value evaluator::filtered_by_item(const value& list, const syntax& filter, const frame* in) {
  const auto& items = list.items();
  std::vector<value> kept;
  for (std::size_t at = 0; at < items.size(); ++at) {
    auto met = filter_item(items[at], filter, in);
    if (stopped()) return {};
    // The first item says whether the filter is an index.
    if (at == 0 && met.is(kind::number)) return item_at(list, met.as_number());
    if (at == 0 && met.failed()) return met;
    if (!met.is(kind::boolean) || !met.as_boolean()) continue;
    if (!grow(kept, 1)) return {};
    kept.push_back(items[at]);
  }
  return value(std::move(kept));
}

}  // namespace worker::feel
