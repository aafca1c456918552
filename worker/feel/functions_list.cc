// Built-in functions of the family "list": items taken, added, removed, found.
#include <algorithm>
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/distinct.h"
#include "worker/feel/function_table.h"
#include "worker/feel/sorted.h"

namespace worker::feel {

namespace {

using items = std::vector<value>;

value list_contains(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  for (const auto& item : of[0].items()) {
    if (!of.spend(1)) return {};
    if (same(item, of[1], of)) return value(true);
  }
  return value(false);
}

value count(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  return number(static_cast<std::int64_t>(of[0].count()));
}

value is_empty(call& of) {
  return of.is(0, kind::list) ? value(of[0].count() == 0) : of.no_match();
}

// Where position 1, or -1 for the last, lies in a list: it may lie outside.
std::int64_t place_of(const value& list, std::int64_t position) {
  return position > 0 ? position - 1 : static_cast<std::int64_t>(list.count()) + position;
}

// Adds the items of a part of a list.
void add_part(call& of, items& to, const items& list, std::int64_t from, std::int64_t until) {
  const auto size = static_cast<std::int64_t>(list.size());
  from = std::clamp<std::int64_t>(from, 0, size);
  until = std::clamp<std::int64_t>(until, from, size);
  if (!of.grow(to, static_cast<std::size_t>(until - from))) return;
  to.insert(to.end(), list.begin() + from, list.begin() + until);
}

items part_of(call& of, std::int64_t from, std::int64_t until) {
  items part;
  add_part(of, part, of[0].items(), from, until);
  return part;
}

// The list with so much room behind it.
items copy_of(call& of, std::size_t more) {
  items all;
  const auto& from = of[0].items();
  if (of.grow(all, from.size() + more)) all.insert(all.end(), from.begin(), from.end());
  return all;
}

bool at_zero(const value& position) { return position.as_number().is_zero(); }

value sublist(call& of) {
  const bool with_length = of.size() == 3;
  if (!of.is(0, kind::list) || !of.is(1, kind::number) ||
      (with_length && !of.is(2, kind::number))) {
    return of.no_match();
  }
  if (at_zero(of[1])) return of.null_because("the start position is zero");
  const auto from = place_of(of[0], of[1].as_number().to_int32());
  const auto size = static_cast<std::int64_t>(of[0].count());
  const auto until = with_length ? from + of[2].as_number().to_int32() : size;
  return of.list(part_of(of, from, until));
}

value append(call& of) {
  if (!of.is(0, kind::list) || !of.is(1, kind::list)) return of.no_match();
  const auto& more = of[1].items();
  auto all = copy_of(of, more.size());
  if (of.stopped()) return {};
  all.insert(all.end(), more.begin(), more.end());
  return of.list(std::move(all));
}

// Lists become their items, all else stays.
std::optional<items> joined(call& of) {
  items all;
  for (const auto& each : of[0].items()) {
    const bool list = each.is(kind::list);
    if (!of.spend(1) || !of.grow(all, list ? each.items().size() : 1)) return std::nullopt;
    if (list) {
      const auto& more = each.items();
      all.insert(all.end(), more.begin(), more.end());
    } else {
      all.push_back(each);
    }
  }
  return all;
}

value concatenate(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  auto all = joined(of);
  return all ? of.list(std::move(*all)) : value();
}

value insert_before(call& of) {
  if (!of.is(0, kind::list) || !of.is(1, kind::number)) return of.no_match();
  if (at_zero(of[1])) return of.null_because("the position is zero");
  const auto place = place_of(of[0], of[1].as_number().to_int32());
  auto all = copy_of(of, 1);
  if (of.stopped()) return {};
  const auto size = static_cast<std::int64_t>(all.size());
  all.insert(all.begin() + std::clamp<std::int64_t>(place, 0, size), of[2]);
  return of.list(std::move(all));
}

value remove(call& of) {
  if (!of.is(0, kind::list) || !of.is(1, kind::number)) return of.no_match();
  if (at_zero(of[1])) return of.null_because("the position is zero");
  const std::int64_t position = of[1].as_number().to_int32();
  const auto& from = of[0].items();
  items all;
  if (!of.grow(all, from.size())) return {};
  add_part(of, all, from, 0, place_of(of[0], position));
  add_part(of, all, from, place_of(of[0], position + 1), static_cast<std::int64_t>(from.size()));
  return of.list(std::move(all));
}

value reverse(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  auto all = copy_of(of, 0);
  std::reverse(all.begin(), all.end());
  return of.list(std::move(all));
}

value index_of(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  items found;
  std::int64_t position = 0;
  for (const auto& item : of[0].items()) {
    ++position;
    if (!of.spend(1)) return {};
    if (!equal(item, of[1], of).value_or(false)) continue;
    if (!of.grow(found, 1)) return {};
    found.emplace_back(number(position));
  }
  return of.list(std::move(found));
}

value union_of(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  const auto all = joined(of);
  return all ? of.list(distinct_items(*all, of)) : value();
}

value distinct_values(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  return of.list(distinct_items(of[0].items(), of));
}

value duplicate_values(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  return of.list(duplicate_items(of[0].items(), of));
}

void flatten_into(items& out, const value& list, call& of) {
  for (const auto& item : list.items()) {
    if (!of.spend(1)) return;
    if (item.is(kind::list)) {
      flatten_into(out, item, of);
    } else if (of.grow(out, 1)) {
      out.push_back(item);
    }
  }
}

value flatten(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  items out;
  flatten_into(out, of[0], of);
  return of.list(std::move(out));
}

value partition(call& of) {
  if (!of.is(0, kind::list) || !of.is(1, kind::number)) return of.no_match();
  const std::int64_t size = of[1].as_number().to_int32();
  if (size <= 0) return of.null_because("the size is not greater than zero");
  const auto end = static_cast<std::int64_t>(of[0].count());
  items parts;
  for (std::int64_t from = 0; from < end; from += size) {
    if (!of.grow(parts, 1)) return {};
    parts.push_back(of.list(part_of(of, from, from + size)));
    if (of.stopped()) return {};
  }
  return of.list(std::move(parts));
}

value sort(call& of) {
  if (!of.is(0, kind::list) || !of.is(1, kind::function)) return of.no_match();
  if (of.parameters_of(of[1]) != 2) return of.null_because("the function takes no two values");
  // The function may refuse the first pair, when all is copied already.
  if (!of.spend(steps_of_glances(of[0].items().size()))) return {};
  auto all = sorted(copy_of(of, 0), of);
  return all ? of.list(std::move(*all)) : of.null_because("the function gives no boolean");
}

// The text of an argument that may be null.
std::optional<std::string_view> text_or_null(const value& of) {
  if (of.is_null()) return std::string_view();
  if (of.is(kind::string)) return of.as_string();
  return std::nullopt;
}

value joined_text(call& of, std::string_view delimiter, std::string_view prefix,
                  std::string_view suffix) {
  std::string out;
  const auto add = [&](std::string_view more) {
    if (of.grow(out, more.size())) out += more;
  };
  add(prefix);
  bool first = true;
  for (const auto& item : of[0].items()) {
    if (!of.spend(1)) return {};
    if (item.is_null()) continue;
    if (!item.is(kind::string)) return of.null_because("an item of the list is no string");
    if (!first) add(delimiter);
    add(item.as_string());
    first = false;
  }
  add(suffix);
  return value(std::move(out));
}

value string_join(call& of) {
  if (!of.is(0, kind::list)) return of.no_match();
  const auto delimiter = of.size() > 1 ? text_or_null(of[1]) : std::string_view();
  if (!delimiter) return of.no_match();
  if (of.size() < 4) return joined_text(of, *delimiter, {}, {});
  const auto prefix = text_or_null(of[2]);
  const auto suffix = text_or_null(of[3]);
  if (!prefix || !suffix || of[2].is_null() != of[3].is_null()) return of.no_match();
  return joined_text(of, *delimiter, *prefix, *suffix);
}

constexpr std::array list_table{
    function_row{
        "list contains", {"list", "element"}, list_contains, "Whether the list has this item."},
    function_row{"count", {"list"}, count, "How many items the list has."},
    function_row{"is empty", {"list"}, is_empty, "Whether the list has no items."},
    function_row{
        "sublist", {"list", "start"}, sublist, "The items from a position on; -1 is the last."},
    function_row{"sublist", {"list", "start", "length"}, sublist, "So many items of them."},
    function_row{
        "append", {"list", "items"}, append, "The list with these items at its end.", true},
    function_row{"concatenate", {"lists"}, concatenate, "The items of all lists.", true},
    function_row{"insert before",
                 {"list", "position", "newItem"},
                 insert_before,
                 "The list with an item more before a position."},
    function_row{
        "remove", {"list", "position"}, remove, "The list without the item at a position."},
    function_row{"reverse", {"list"}, reverse, "The items from the last to the first."},
    function_row{
        "index of", {"list", "match"}, index_of, "The positions of the items that equal a value."},
    function_row{"union", {"lists"}, union_of, "The items of all lists, each once.", true},
    function_row{"distinct values", {"list"}, distinct_values, "The items, each once."},
    function_row{"duplicate values",
                 {"list"},
                 duplicate_values,
                 "The items that are there more than once, each once."},
    function_row{"flatten", {"list"}, flatten, "Lists in the list become their items."},
    function_row{"sort",
                 {"list", "precedes"},
                 sort,
                 "The items in the order of a function that says whether one precedes another."},
    function_row{
        "string join", {"list"}, string_join, "The strings of a list as one; nulls are left out."},
    function_row{
        "string join", {"list", "delimiter"}, string_join, "The same with a text in between."},
    function_row{"string join",
                 {"list", "delimiter", "prefix", "suffix"},
                 string_join,
                 "The same with a text before and one behind."},
    function_row{
        "partition", {"list", "size"}, partition, "The list as lists of at most this size."},
};

}  // namespace

std::span<const function_row> list_functions() { return list_table; }

}  // namespace worker::feel
