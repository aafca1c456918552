#include "worker/feel/text_of.h"

#include "connector/base/json.h"
#include "worker/feel/function_node.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

namespace {

void append(std::string& out, const value& what, call& counted);

void append_list(std::string& out, const value& what, call& counted) {
  out += '[';
  const char* before = "";
  for (const auto& item : what.items()) {
    if (!counted.spend(1)) return;
    out += before;
    append(out, item, counted);
    before = ", ";
  }
  out += ']';
}

void append_context(std::string& out, const value& what, call& counted) {
  out += '{';
  const char* before = "";
  for (const auto& each : what.entries().variables()) {
    if (!counted.spend(1) || !counted.spend_bytes(each.key.size())) return;
    out += before;
    out += each.key;
    out += ':';
    append(out, each.what, counted);
    before = ", ";
  }
  out += '}';
}

void append_function(std::string& out, const value& what) {
  out += "function(";
  const char* before = "";
  for (const auto& name : parameters(what)) {
    out += before;
    out += name;
    before = ", ";
  }
  out += ')';
}

void append_range(std::string& out, const value& what, call& counted) {
  const auto& ends = what.as_range();
  out += ends.start_closed ? '[' : '(';
  append(out, ends.start, counted);
  out += "..";
  append(out, ends.end, counted);
  out += ends.end_closed ? ']' : ')';
}

void append(std::string& out, const value& what, call& counted) {
  switch (what.what()) {
    case kind::null:
      out += "null";
      break;
    case kind::boolean:
      out += what.as_boolean() ? "true" : "false";
      break;
    case kind::number:
      out += number_text(what);
      break;
    case kind::string:
      if (!counted.spend_bytes(what.as_string().size())) return;
      out += '"';
      out += what.as_string();
      out += '"';
      break;
    case kind::list:
      append_list(out, what, counted);
      break;
    case kind::context:
      append_context(out, what, counted);
      break;
    case kind::function:
      append_function(out, what);
      break;
    case kind::range:
      append_range(out, what, counted);
      break;
    case kind::error:
    case kind::fatal:
      break;
    default:
      out += temporal_text(what);
  }
}

void append_json(std::string& out, const value& what, call& counted) {
  const char* before = "";
  switch (what.what()) {
    case kind::string:
      if (!counted.spend_bytes(what.as_string().size())) return;
      out += connector::json::quote(what.as_string());
      return;
    case kind::list:
      out += '[';
      for (const auto& item : what.items()) {
        if (!counted.spend(1)) return;
        out += before;
        append_json(out, item, counted);
        before = ",";
      }
      out += ']';
      return;
    case kind::context:
      out += '{';
      for (const auto& each : what.entries().variables()) {
        if (!counted.spend(1) || !counted.spend_bytes(each.key.size())) return;
        out += before;
        out += connector::json::quote(each.key);
        out += ':';
        append_json(out, each.what, counted);
        before = ",";
      }
      out += '}';
      return;
    case kind::function:
    case kind::range: {
      std::string text;
      append(text, what, counted);
      out += connector::json::quote(text);
      return;
    }
    default:
      if (is_temporal(what.what())) {
        out += connector::json::quote(temporal_iso_text(what));
      } else {
        append(out, what, counted);
      }
  }
}

}  // namespace

std::string text_of(const value& what, call& counted) {
  if (what.is(kind::string)) return std::string(what.as_string());
  std::string out;
  append(out, what, counted);
  return out;
}

std::string json_text_of(const value& what, call& counted) {
  std::string out;
  append_json(out, what, counted);
  return out;
}

}  // namespace worker::feel
