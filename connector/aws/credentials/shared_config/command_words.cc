#include "connector/aws/credentials/shared_config/command_words.h"

#include <cstddef>
#include <utility>

#include "connector/base/ascii.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_words = 200;
constexpr std::string_view of_shells = "|&;<>$`()";

class splitter {
 public:
  explicit splitter(std::string_view command) : left_(command) {}

  command_words run() {
    while (!left_.empty() && wrong_.empty()) step(take());
    if (wrong_.empty() && quote_ != 0) wrong_ = "a quote is not closed";
    end_word();
    if (wrong_.empty() && words_.empty()) wrong_ = "it is empty";
    if (wrong_.empty() && words_.size() > max_words) wrong_ = "it has too many words";
    if (!wrong_.empty()) words_.clear();
    return {std::move(words_), wrong_};
  }

 private:
  char take() {
    const char c = left_.front();
    left_.remove_prefix(1);
    return c;
  }

  void step(char c) {
    if (quote_ == '\'') return c == '\'' ? close() : add(c);
    if (quote_ == '"') return in_double_quotes(c);
    if (ascii::is_space_or_tab(c)) return end_word();
    if (c == '\'' || c == '"') {
      quote_ = c;
      begun_ = true;
    } else if (c == '\\') {
      escaped();
    } else if (of_shells.find(c) != std::string_view::npos) {
      wrong_ = "it is run without a shell: quote | & ; < > $ ` ( ) or put them into a script";
    } else {
      add(c);
    }
  }

  void in_double_quotes(char c) {
    if (c == '"') return close();
    const bool escapes = c == '\\' && !left_.empty() &&
                         std::string_view("\"\\$`").find(left_.front()) != std::string_view::npos;
    add(escapes ? take() : c);
  }

  void escaped() {
    if (left_.empty()) {
      wrong_ = "it ends with a backslash";
    } else {
      add(take());
    }
  }

  void close() { quote_ = 0; }
  void add(char c) {
    word_ += c;
    begun_ = true;
  }
  void end_word() {
    if (begun_) words_.push_back(std::move(word_));
    word_.clear();
    begun_ = false;
  }

  std::string_view left_;
  std::vector<std::string> words_;
  std::string word_;
  bool begun_ = false;  // also by quotes with nothing in them
  char quote_ = 0;
  std::string_view wrong_;
};

}  // namespace

command_words split_command(std::string_view command) { return splitter(command).run(); }

}  // namespace connector::aws
