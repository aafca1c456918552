// Values as process variables.
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

// Text that was only passed through, but for its numbers.
void append_slice(std::string& out, std::string_view json) {
  std::size_t copied = 0;
  for (std::size_t at = 0; at < json.size();) {
    const char sign = json[at];
    if (sign == '"') {
      at = end_of_value(json, at);
    } else if (sign == '-' || (sign >= '0' && sign <= '9')) {
      const auto end = end_of_value(json, at);
      out += json.substr(copied, at - copied);
      append_number(out, json.substr(at, end - at));
      at = copied = end;
    } else {
      ++at;
    }
  }
  out += json.substr(copied);
}

// Writes until `most` bytes are passed. What was written then is of no use.
class writer {
 public:
  explicit writer(std::size_t most) : most_(most) {}

  std::optional<std::string> write(const value& what) {
    append(what);
    if (full()) return std::nullopt;
    return std::move(out_);
  }

 private:
  bool full() const { return out_.size() > most_; }

  void append_list(const value& what) {
    out_ += '[';
    const auto start = out_.size();
    for (const auto& item : what.items()) {
      if (full()) return;
      if (out_.size() != start) out_ += ',';
      append(item);
    }
    out_ += ']';
  }

  void append_context(const value& what) {
    out_ += '{';
    const auto start = out_.size();
    for (const auto& each : what.entries().variables()) {
      if (full()) return;
      if (each.what.is(kind::function)) continue;
      if (out_.size() != start) out_ += ',';
      out_ += connector::json::quote(each.key);
      out_ += ':';
      append(each.what);
    }
    out_ += '}';
  }

  void append(const value& what) {
    if (!what.json().empty()) {
      append_slice(out_, what.json());
      return;
    }
    switch (what.what()) {
      case kind::boolean:
        out_ += what.as_boolean() ? "true" : "false";
        break;
      case kind::number:
        out_ += what.as_number().to_json();
        break;
      case kind::string:
        out_ += connector::json::quote(what.as_string());
        break;
      case kind::list:
        append_list(what);
        break;
      case kind::context:
        append_context(what);
        break;
      default:
        if (is_temporal(what.what())) {
          out_ += connector::json::quote(temporal_json_text(what));
        } else {
          out_ += "null";
        }
    }
  }

  std::string out_;
  std::size_t most_;
};

}  // namespace

std::string to_json(const value& what) {
  return *writer(std::numeric_limits<std::size_t>::max()).write(what);
}

std::optional<std::string> to_json(const value& what, std::size_t most) {
  return writer(most).write(what);
}

}  // namespace worker::feel
