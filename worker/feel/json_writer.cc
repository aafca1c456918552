// Values as process variables.
#include <cstddef>

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

void append(std::string& out, const value& what);

void append_list(std::string& out, const value& what) {
  out += '[';
  const auto start = out.size();
  for (const auto& item : what.items()) {
    if (out.size() != start) out += ',';
    append(out, item);
  }
  out += ']';
}

void append_context(std::string& out, const value& what) {
  out += '{';
  const auto start = out.size();
  for (const auto& each : what.entries().variables()) {
    if (each.what.is(kind::function)) continue;
    if (out.size() != start) out += ',';
    out += connector::json::quote(each.key);
    out += ':';
    append(out, each.what);
  }
  out += '}';
}

void append(std::string& out, const value& what) {
  if (!what.json().empty()) {
    append_slice(out, what.json());
    return;
  }
  switch (what.what()) {
    case kind::boolean:
      out += what.as_boolean() ? "true" : "false";
      break;
    case kind::number:
      out += what.as_number().to_json();
      break;
    case kind::string:
      out += connector::json::quote(what.as_string());
      break;
    case kind::list:
      append_list(out, what);
      break;
    case kind::context:
      append_context(out, what);
      break;
    default:
      if (is_temporal(what.what())) {
        out += connector::json::quote(temporal_json_text(what));
      } else {
        out += "null";
      }
  }
}

}  // namespace

std::string to_json(const value& what) {
  std::string out;
  append(out, what);
  return out;
}

}  // namespace worker::feel
