// Values that look into JSON text when they are touched.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json_scan.h"
#include "connector/base/number.h"
#include "worker/feel/json.h"
#include "worker/feel/json_slices.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

namespace {

// Text that several values look into.
struct document : boost::intrusive_ref_counter<document, boost::thread_safe_counter> {
  std::string own;
  std::string_view text;
};
using document_pointer = boost::intrusive_ptr<const document>;

value value_of(const document_pointer& from, std::string_view slice);

constexpr std::size_t usual_size = 4;  // of lists and contexts: room that is made at once

struct json_string final : nodes::any_string {
  json_string(document_pointer in, std::string_view text) : from(std::move(in)), slice(text) {}
  std::string_view text() const override {
    if (slice.find('\\') == slice.npos) return slice.substr(1, slice.size() - 2);
    if (!resolved) resolved = json_text_of(slice);
    return *resolved;
  }
  std::string_view json() const override { return slice; }
  document_pointer from;
  std::string_view slice;
  mutable std::optional<std::string> resolved;
};

// The text of a number that is the shortest of its double as well, written as Java writes it, but
// for zeros at the end, which are cut off; empty when that is not sure. So most prices are.
std::string_view short_decimal(std::string_view text) {
  constexpr std::size_t surely_kept = 15;  // digits of a double
  constexpr std::size_t without_exponent = 7;
  const auto point = text.find('.');
  const std::size_t before = point - (text[0] == '-' ? 1 : 0);
  if (text.size() > surely_kept || before > without_exponent ||
      text.find_first_of("eE") != text.npos) {
    return {};
  }
  const auto last = text.find_last_not_of('0');
  text = text.substr(0, std::max(last, point + 1) + 1);
  const bool below_one = text[point - 1] == '0' && before == 1;
  const bool small = below_one && text.substr(point + 1, 3).find_first_not_of('0') == text.npos;
  return small ? std::string_view() : text;
}

struct json_number final : nodes::any_number {
  json_number(document_pointer in, std::string_view text) : from(std::move(in)), slice(text) {}
  feel::number read() const override {
    if (!known) known = parse();
    return *known;
  }
  // Whole numbers are exact. Others have the value of a double, as they have in the runtime.
  feel::number parse() const {
    if (slice.find_first_of(".eE") == slice.npos) return exact();
    if (const auto text = short_decimal(slice); !text.empty()) {
      return feel::number::parse(text).value_or(feel::number());
    }
    const auto nearest = connector::nearest_double(slice);
    const auto number = nearest ? feel::number::from_double(*nearest) : std::nullopt;
    return number ? *number : exact();
  }
  feel::number exact() const { return feel::number::parse(slice).value_or(feel::number()); }
  std::string_view json() const override { return slice; }
  document_pointer from;
  std::string_view slice;
  mutable std::optional<feel::number> known;
};

struct json_list final : nodes::any_list {
  json_list(document_pointer in, std::string_view text)
      : any_list(1), from(std::move(in)), slice(text) {}
  const std::vector<value>& items() const override {
    if (!read) {
      read = true;
      contents.reserve(usual_size);
      for (auto at = skip_json_blanks(slice, 1); at < slice.size() && slice[at] != ']';) {
        const auto end = end_of_value(slice, at);
        contents.push_back(value_of(from, slice.substr(at, end - at)));
        at = skip_json_blanks(slice, end);
        if (at < slice.size() && slice[at] == ',') at = skip_json_blanks(slice, at + 1);
      }
    }
    return contents;
  }
  std::string_view json() const override { return slice; }
  document_pointer from;
  std::string_view slice;
  mutable std::vector<value> contents;
  mutable bool read = false;
};

struct json_context final : nodes::any_context {
  json_context(document_pointer in, std::string_view text)
      : any_context(1), from(std::move(in)), slice(text) {}
  const feel::context& entries() const override {
    if (!read) {
      read = true;
      contents.reserve(usual_size);
      for (auto at = skip_json_blanks(slice, 1); at < slice.size() && slice[at] != '}';) {
        const auto key_end = end_of_value(slice, at);
        const auto key = slice.substr(at, key_end - at);
        at = skip_json_blanks(slice, skip_json_blanks(slice, key_end) + 1);
        const auto end = end_of_value(slice, at);
        contents.set(json_text_of(key), value_of(from, slice.substr(at, end - at)));
        at = skip_json_blanks(slice, end);
        if (at < slice.size() && slice[at] == ',') at = skip_json_blanks(slice, at + 1);
      }
    }
    return contents;
  }
  std::string_view json() const override { return slice; }
  document_pointer from;
  std::string_view slice;
  mutable feel::context contents;
  mutable bool read = false;
};

template <class Node>
value shared(kind type, const document_pointer& from, std::string_view slice) {
  return value(type, boost::intrusive_ptr<const node>(new Node(from, slice)));
}

value value_of(const document_pointer& from, std::string_view slice) {
  if (slice.empty()) return {};
  switch (slice[0]) {
    case 'n':
      return {};
    case 't':
      return value(true);
    case 'f':
      return value(false);
    case '"':
      return shared<json_string>(kind::string, from, slice);
    case '[':
      return shared<json_list>(kind::list, from, slice);
    case '{':
      return shared<json_context>(kind::context, from, slice);
    default: {
      // These are written again as they were read.
      constexpr std::int64_t most = 999'999'999'999'999'999;
      const auto small = connector::integer_in<std::int64_t>(slice, -most, most);
      if (small && slice != "-0") return number(*small);
      // A number that is too large for a double is no number, as in the runtime.
      if (slice.find_first_of("eE") != slice.npos &&
          std::isinf(connector::nearest_double(slice).value_or(0))) {
        return {};
      }
      return shared<json_number>(kind::number, from, slice);
    }
  }
}

value value_in(document_pointer from) { return value_of(from, connector::ascii::trim(from->text)); }

}  // namespace

std::optional<value> from_json(std::string text) {
  auto* made = new document;
  document_pointer from(made);
  made->own = std::move(text);
  made->text = made->own;
  if (connector::json::check(made->text, {.depth = max_json_depth})) return std::nullopt;
  return value_in(std::move(from));
}

std::optional<value> from_borrowed_json(std::string_view text) {
  if (connector::json::check(text, {.depth = max_json_depth})) return std::nullopt;
  return from_checked_json(text);
}

value from_checked_json(std::string_view text) {
  auto* made = new document;
  made->text = text;
  return value_in(document_pointer(made));
}

}  // namespace worker::feel
