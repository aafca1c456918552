#include "worker/cli/findings.h"

#include <fmt/format.h>

#include <cstdio>

#include "connector/base/json_writer.h"

namespace worker::cli {

void findings::add(std::string_view state, std::string_view text, int code) {
  all_.push_back({state, std::string(text), code, {}});
  if (!json_) fmt::print("{:5} {}\n", state == "wrong" ? "WRONG" : state, text);
}

void findings::add_issue(int code, std::string_view text) {
  add("wrong", text, code);
  if (code_ == 0 || code < code_) code_ = code;
}

void findings::add_advice(std::string_view text) {
  if (text.empty() || all_.empty()) return;
  all_.back().advice = text;
  if (!json_) fmt::print("      {}\n", text);
}

std::string findings::json_text() const {
  std::string list = "[";
  for (const auto& one : all_) {
    connector::json::object_writer out;
    out.string("state", one.state).string("text", one.text);
    if (one.code != 0) out.number("exitCode", one.code);
    if (!one.advice.empty()) out.string("advice", one.advice);
    list += (list.size() > 1 ? ",\n  " : "\n  ") + out.take();
  }
  connector::json::object_writer all;
  all.number("exitCode", code_).raw("findings", list + "\n]");
  return all.take() + "\n";
}

void findings::print_end() const {
  if (json_) fmt::print("{}", json_text());
}

}  // namespace worker::cli
