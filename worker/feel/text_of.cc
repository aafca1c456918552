#include "worker/feel/text_of.h"

#include <string_view>
#include <utility>

#include "connector/base/json.h"
#include "worker/feel/function_node.h"
#include "worker/feel/json_slices.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

namespace {

// Counts the text before it grows; cut off when a limit is reached.
class text_writer {
 public:
  explicit text_writer(call& counted) : counted_(counted) {}

  void add(std::string_view more) {
    if (counted_.grow(out_, more.size())) out_ += more;
  }
  void add_quoted(std::string_view text) {
    if (counted_.grow(out_, quoted_size(text))) connector::json::append_quoted(out_, text);
  }
  bool spend_step() { return counted_.spend(1); }
  std::string take() { return std::move(out_); }
  // Of another text that counts for the same call.
  [[nodiscard]] text_writer another() const { return text_writer(counted_); }

 private:
  call& counted_;
  std::string out_;
};

void append(text_writer& out, const value& from);

void append_list(text_writer& out, const value& from) {
  out.add("[");
  const char* before = "";
  for (const auto& item : from.items()) {
    if (!out.spend_step()) return;
    out.add(before);
    append(out, item);
    before = ", ";
  }
  out.add("]");
}

void append_context(text_writer& out, const value& from) {
  out.add("{");
  const char* before = "";
  for (const auto& each : from.entries().variables()) {
    if (!out.spend_step()) return;
    out.add(before);
    out.add(each.key);
    out.add(":");
    append(out, each.value);
    before = ", ";
  }
  out.add("}");
}

void append_function(text_writer& out, const value& from) {
  out.add("function(");
  const char* before = "";
  for (const auto& name : parameters(from)) {
    out.add(before);
    out.add(name);
    before = ", ";
  }
  out.add(")");
}

void append_range(text_writer& out, const value& from) {
  const auto& ends = from.as_range();
  out.add(ends.start_closed ? "[" : "(");
  append(out, ends.start);
  out.add("..");
  append(out, ends.end);
  out.add(ends.end_closed ? "]" : ")");
}

void append(text_writer& out, const value& from) {
  switch (from.type()) {
    case kind::null:
      out.add("null");
      break;
    case kind::boolean:
      out.add(from.as_boolean() ? "true" : "false");
      break;
    case kind::number:
      out.add(number_text(from));
      break;
    case kind::string:
      out.add("\"");
      out.add(from.as_string());
      out.add("\"");
      break;
    case kind::list:
      append_list(out, from);
      break;
    case kind::context:
      append_context(out, from);
      break;
    case kind::function:
      append_function(out, from);
      break;
    case kind::range:
      append_range(out, from);
      break;
    case kind::error:
    case kind::fatal:
      break;
    default:
      out.add(temporal_text(from));
  }
}

void append_json(text_writer& out, const value& from) {
  const char* before = "";
  switch (from.type()) {
    case kind::string:
      out.add_quoted(from.as_string());
      return;
    case kind::list:
      out.add("[");
      for (const auto& item : from.items()) {
        if (!out.spend_step()) return;
        out.add(before);
        append_json(out, item);
        before = ",";
      }
      out.add("]");
      return;
    case kind::context:
      out.add("{");
      for (const auto& each : from.entries().variables()) {
        if (!out.spend_step()) return;
        out.add(before);
        out.add_quoted(each.key);
        out.add(":");
        append_json(out, each.value);
        before = ",";
      }
      out.add("}");
      return;
    case kind::function:
    case kind::range: {
      auto text = out.another();
      append(text, from);
      out.add_quoted(text.take());
      return;
    }
    default:
      if (is_temporal(from.type())) {
        out.add_quoted(temporal_iso_text(from));
      } else {
        append(out, from);
      }
  }
}

}  // namespace

std::string text_of(const value& from, call& counted) {
  text_writer out(counted);
  if (from.is(kind::string)) {
    out.add(from.as_string());
  } else {
    append(out, from);
  }
  return out.take();
}

std::string json_text_of(const value& from, call& counted) {
  text_writer out(counted);
  append_json(out, from);
  return out.take();
}

}  // namespace worker::feel
