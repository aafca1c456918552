// Values as process variables.
#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "connector/base/json.h"
#include "connector/base/number.h"
#include "worker/feel/json.h"
#include "worker/feel/json_slices.h"
#include "worker/feel/number.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

namespace {

// A number with a point or an exponent that is whole is written as the runtime writes it: 1.0 as 1,
// 1E+2 as 100. All others keep their text.
void append_number(std::string& out, std::string_view text) {
  if (text == "-0") {
    out += '0';
    return;
  }
  if (text.find_first_of(".eE") != text.npos) {
    const auto nearest = connector::nearest_double(text);
    const auto value = nearest ? number::from_double(*nearest) : std::nullopt;
    if (const auto whole = value ? value->to_int64() : std::nullopt) {
      out += std::to_string(*whole);
      return;
    }
  }
  out += text;
}

// Writes until `most` bytes are passed or time is over. What was written then is of no use.
class writer {
 public:
  writer(std::size_t most, connector::deadline until) : most_(most), until_(until) {}

  std::optional<std::string> write(const value& from) {
    append(from);
    if (stops()) return std::nullopt;
    return std::move(out_);
  }

 private:
  bool stops() {
    constexpr std::size_t between_looks = 256 * 1024;  // at the clock
    if (!stops_ && out_.size() >= next_look_) {
      next_look_ = out_.size() + between_looks;
      stops_ = out_.size() > most_ ||
               (until_ != connector::deadline::max() && connector::boot_clock::now() >= until_);
    }
    return stops_ || out_.size() > most_;
  }

  // Whether there is room for so much more; it is made. A text that grows by itself doubles.
  bool make_room(std::size_t more) {
    if (stops() || more > most_ - out_.size()) {
      stops_ = true;
      return false;
    }
    const auto wanted = out_.size() + more;
    if (wanted > out_.capacity()) out_.reserve(std::max(wanted, std::min(2 * wanted, most_)));
    return true;
  }

  // Text that was only passed through, but for its numbers.
  void append_slice(std::string_view json) {
    if (!make_room(json.size())) return;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < json.size();) {
      const char sign = json[at];
      if (sign == '"') {
        at = end_of_value(json, at);
      } else if (sign == '-' || (sign >= '0' && sign <= '9')) {
        const auto end = end_of_value(json, at);
        out_ += json.substr(copied, at - copied);
        append_number(out_, json.substr(at, end - at));
        at = copied = end;
        if (stops()) return;
      } else {
        ++at;
      }
    }
    out_ += json.substr(copied);
  }

  void append_text(std::string_view text) {
    if (make_room(quoted_size(text))) connector::json::append_quoted(out_, text);
  }

  void append_list(const value& from) {
    out_ += '[';
    const auto start = out_.size();
    for (const auto& item : from.items()) {
      if (stops()) return;
      if (out_.size() != start) out_ += ',';
      append(item);
    }
    out_ += ']';
  }

  void append_context(const value& from) {
    out_ += '{';
    const auto start = out_.size();
    for (const auto& each : from.entries().variables()) {
      if (stops()) return;
      if (each.value.is(kind::function)) continue;
      if (out_.size() != start) out_ += ',';
      append_text(each.key);
      out_ += ':';
      append(each.value);
    }
    out_ += '}';
  }

  void append(const value& from) {
    if (!from.json().empty()) {
      append_slice(from.json());
      return;
    }
    switch (from.type()) {
      case kind::boolean:
        out_ += from.as_boolean() ? "true" : "false";
        break;
      case kind::number:
        out_ += from.as_number().to_json();
        break;
      case kind::string:
        append_text(from.as_string());
        break;
      case kind::list:
        append_list(from);
        break;
      case kind::context:
        append_context(from);
        break;
      default:
        if (is_temporal(from.type())) {
          append_text(temporal_json_text(from));
        } else {
          out_ += "null";
        }
    }
  }

  std::string out_;
  std::size_t most_;
  connector::deadline until_;
  std::size_t next_look_ = 0;
  bool stops_ = false;
};

}  // namespace

std::string to_json(const value& from) {
  return *writer(std::numeric_limits<std::size_t>::max(), connector::deadline::max()).write(from);
}

std::optional<std::string> to_json(const value& from, std::size_t most, connector::deadline until) {
  return writer(most, until).write(from);
}

}  // namespace worker::feel
