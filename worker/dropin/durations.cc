#include "worker/dropin/durations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "connector/base/ascii.h"
#include "connector/base/number.h"
#include "connector/base/result.h"

namespace worker::dropin {

using std::chrono::milliseconds;

namespace {

constexpr std::int64_t longest = std::int64_t{10} * 366 * 24 * 60 * 60 * 1000;

// Takes parts such as -12H off the front of a text.
class part_reader {
 public:
  explicit part_reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  bool take(char letter) {
    if (rest_.empty() || connector::ascii::lower(rest_.front()) != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // -1, or 1 when there is no sign.
  int sign() {
    if (take('-')) return -1;
    take('+');
    return 1;
  }
  // The milliseconds of a number that ends with `unit`; nothing, and nothing taken, when another
  // part is next or the number is too large.
  std::optional<std::int64_t> part(char unit, std::int64_t scale) {
    auto ahead = *this;
    const int sign = ahead.sign();
    const auto number =
        connector::take_integer(ahead.rest_, static_cast<std::uint64_t>(longest / scale));
    if (!number) return std::nullopt;
    const bool fraction = unit == 's' && (ahead.take('.') || ahead.take(','));
    const auto thousandths = fraction ? ahead.thousandths() : std::optional<std::int64_t>(0);
    if (!thousandths || !ahead.take(unit)) return std::nullopt;
    *this = ahead;
    return sign * (static_cast<std::int64_t>(*number) * scale + *thousandths);
  }

 private:
  // The digits after the point, of which the first three count.
  std::optional<std::int64_t> thousandths() {
    const auto digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits > 9) return std::nullopt;
    std::string first(rest_.substr(0, std::min<std::size_t>(digits, 3)));
    first.resize(3, '0');
    rest_.remove_prefix(digits);
    return connector::integer_in<std::int64_t>(first, 0, 999);
  }

  std::string_view rest_;
};

connector::error unreadable(std::string_view header, std::string_view problem) {
  return connector::bad_input(
      fmt::format("Failed to parse the header {}: {}. Correct it in the model.", header, problem));
}

}  // namespace

std::optional<milliseconds> parse_java_duration(std::string_view text) {
  part_reader in(text);
  const int sign = in.sign();
  if (!in.take('p')) return std::nullopt;
  std::int64_t total = 0;
  int parts = 0;
  const auto add = [&](char unit, std::int64_t scale) {
    const auto part = in.part(unit, scale);
    if (!part) return;
    total += *part;
    ++parts;
  };
  add('d', std::int64_t{24} * 60 * 60 * 1000);
  if (in.take('t')) {
    const int before = parts;
    add('h', std::int64_t{60} * 60 * 1000);
    add('m', std::int64_t{60} * 1000);
    add('s', 1000);
    if (parts == before) return std::nullopt;
  }
  if (parts == 0 || !in.at_end() || std::abs(total) > longest) return std::nullopt;
  return milliseconds(sign * total);
}

std::optional<connector::error> normalise_durations(std::map<std::string, std::string>& headers) {
  for (const std::string_view name : {"retryBackoff", "jobTimeout"}) {
    const auto found = headers.find(std::string(name));
    if (found == headers.end() || found->second.empty() || found->second.starts_with('=')) continue;
    const auto duration = parse_java_duration(found->second);
    if (!duration) return unreadable(name, "expected is an ISO-8601 duration, such as PT5M");
    if (name == "jobTimeout" && duration->count() < 1) {
      return unreadable(name, "it must be one millisecond or more");
    }
    const auto count = std::max<std::int64_t>(duration->count(), 0);
    found->second = fmt::format("PT{}.{:03}S", count / 1000, count % 1000);
  }
  return std::nullopt;
}

}  // namespace worker::dropin
