// What `check` found, for people as it is found, or for machines at the end. Loop's thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace worker::cli {

class findings {
 public:
  // `json`: nothing is printed before print_end().
  explicit findings(bool json) : json_(json) {}

  void ok(std::string_view text) { add("ok", text, 0); }
  void note(std::string_view text) { add("note", text, 0); }
  // `code`: the exit code when nothing with a smaller one is wrong.
  void add_issue(int code, std::string_view text);
  // Advice about the last issue; may be empty.
  void add_advice(std::string_view text);

  [[nodiscard]] int code() const { return code_; }
  // For machines: {"exitCode": 0, "findings": [{"state", "text", "exitCode", "advice"}]}.
  void print_end() const;
  [[nodiscard]] std::string json_text() const;

 private:
  struct finding {
    std::string_view state;  // ok, note, wrong
    std::string text;
    int code = 0;
    std::string advice;
  };
  void add(std::string_view state, std::string_view text, int code);

  bool json_;
  int code_ = 0;
  std::vector<finding> all_;
};

}  // namespace worker::cli
