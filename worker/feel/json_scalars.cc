#include "worker/feel/json_scalars.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "connector/base/number.h"
#include "worker/feel/json_slices.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

namespace {

struct json_string final : nodes::any_string {
  json_string(document_pointer in, std::string_view text) : from(std::move(in)), slice(text) {}
  std::string_view text() const override {
    if (slice.find('\\') == slice.npos) return slice.substr(1, slice.size() - 2);
    if (!resolved) {
      if (!byte_bound::count(sizeof(std::string) + slice.size())) return {};
      resolved = std::make_unique<const std::string>(json_text_of(slice));
    }
    return *resolved;
  }
  std::string_view json() const override { return slice; }
  document_pointer from;
  std::string_view slice;
  mutable std::unique_ptr<const std::string> resolved;
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

}  // namespace

value json_string_of(const document_pointer& from, std::string_view quoted) {
  return value(kind::string, boost::intrusive_ptr<const node>(new json_string(from, quoted)));
}

value json_number_of(const document_pointer& from, std::string_view slice) {
  // These are written again as they were read.
  constexpr std::int64_t most = 999'999'999'999'999'999;
  const auto small = connector::integer_in<std::int64_t>(slice, -most, most);
  if (small && slice != "-0") return number(*small);
  // A number that is too large for a double is no number, as in the runtime.
  if (slice.find_first_of("eE") != slice.npos &&
      std::isinf(connector::nearest_double(slice).value_or(0))) {
    return {};
  }
  return value(kind::number, boost::intrusive_ptr<const node>(new json_number(from, slice)));
}

}  // namespace worker::feel
