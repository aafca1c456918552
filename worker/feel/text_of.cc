#include "worker/feel/text_of.h"

#include "connector/base/json.h"
#include "worker/feel/function_node.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

namespace {

void append(std::string& out, const value& from, call& counted);

void append_list(std::string& out, const value& from, call& counted) {
  out += '[';
  const char* before = "";
  for (const auto& item : from.items()) {
    if (!counted.spend(1)) return;
    out += before;
    append(out, item, counted);
    before = ", ";
  }
  out += ']';
}

void append_context(std::string& out, const value& from, call& counted) {
  out += '{';
  const char* before = "";
  for (const auto& each : from.entries().variables()) {
    if (!counted.spend(1) || !counted.spend_bytes(each.key.size())) return;
    out += before;
    out += each.key;
    out += ':';
    append(out, each.value, counted);
    before = ", ";
  }
  out += '}';
}

void append_function(std::string& out, const value& from) {
  out += "function(";
  const char* before = "";
  for (const auto& name : parameters(from)) {
    out += before;
    out += name;
    before = ", ";
  }
  out += ')';
}

void append_range(std::string& out, const value& from, call& counted) {
  const auto& ends = from.as_range();
  out += ends.start_closed ? '[' : '(';
  append(out, ends.start, counted);
  out += "..";
  append(out, ends.end, counted);
  out += ends.end_closed ? ']' : ')';
}

void append(std::string& out, const value& from, call& counted) {
  switch (from.type()) {
    case kind::null:
      out += "null";
      break;
    case kind::boolean:
      out += from.as_boolean() ? "true" : "false";
      break;
    case kind::number:
      out += number_text(from);
      break;
    case kind::string:
      if (!counted.spend_bytes(from.as_string().size())) return;
      out += '"';
      out += from.as_string();
      out += '"';
      break;
    case kind::list:
      append_list(out, from, counted);
      break;
    case kind::context:
      append_context(out, from, counted);
      break;
    case kind::function:
      append_function(out, from);
      break;
    case kind::range:
      append_range(out, from, counted);
      break;
    case kind::error:
    case kind::fatal:
      break;
    default:
      out += temporal_text(from);
  }
}

void append_json(std::string& out, const value& from, call& counted) {
  const char* before = "";
  switch (from.type()) {
    case kind::string:
      if (!counted.spend_bytes(from.as_string().size())) return;
      out += connector::json::quote(from.as_string());
      return;
    case kind::list:
      out += '[';
      for (const auto& item : from.items()) {
        if (!counted.spend(1)) return;
        out += before;
        append_json(out, item, counted);
        before = ",";
      }
      out += ']';
      return;
    case kind::context:
      out += '{';
      for (const auto& each : from.entries().variables()) {
        if (!counted.spend(1) || !counted.spend_bytes(each.key.size())) return;
        out += before;
        out += connector::json::quote(each.key);
        out += ':';
        append_json(out, each.value, counted);
        before = ",";
      }
      out += '}';
      return;
    case kind::function:
    case kind::range: {
      std::string text;
      append(text, from, counted);
      out += connector::json::quote(text);
      return;
    }
    default:
      if (is_temporal(from.type())) {
        out += connector::json::quote(temporal_iso_text(from));
      } else {
        append(out, from, counted);
      }
  }
}

}  // namespace

std::string text_of(const value& from, call& counted) {
  if (from.is(kind::string)) return std::string(from.as_string());
  std::string out;
  append(out, from, counted);
  return out;
}

std::string json_text_of(const value& from, call& counted) {
  std::string out;
  append_json(out, from, counted);
  return out;
}

}  // namespace worker::feel
