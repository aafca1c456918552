// A place in an expression's text, and what can be read there. FEEL has no tokens that do not
// depend on their surroundings (names, keys of contexts and types of three words are all
// different), so the parser reads characters through this class. Lives as long as the text. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace worker::feel {

class lexer {
 public:
  explicit lexer(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  void go_to(std::size_t place) { at_ = place; }
  bool at_end() const { return at_ >= text_.size(); }
  char next(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::string_view since(std::size_t place) const { return text_.substr(place, at_ - place); }

  // How many bytes were gone through so far, those that were gone through again too.
  std::size_t walked() const { return walked_; }

  // Blanks of Unicode, // and /* */ comments. False when a comment is not closed.
  bool skip_blanks() {
    const auto first = static_cast<unsigned char>(next());
    const bool none = first > ' ' && first < 0x80 && first != '/';  // as most often
    return none || skip_some_blanks();
  }

  // Takes `literal` when the text goes on with it, whatever follows.
  bool take(std::string_view literal);
  bool starts_with(std::string_view literal) const {
    return text_.substr(at_).starts_with(literal);
  }

  // A name: letters, digits behind the first, '_', '$'; or anything between backticks. Reserved
  // words are no names.
  std::optional<std::string> take_name();
  std::optional<std::string> take_identifier();
  // Two and more identifiers with blanks between them.
  std::optional<std::string> take_words();
  // A name that begins with a word: whether it ends there too.
  bool word_ends(std::size_t length) const;

  // Between double quotes, as written; the place moves behind it.
  std::optional<std::string_view> take_quoted();
  // An unsigned number, as written.
  std::optional<std::string_view> take_number();
  // The key of a context that is no name and no string: all up to a sign that has a meaning there.
  std::optional<std::string> take_free_key();

 private:
  std::size_t blank_at(std::size_t place) const;
  bool skip_some_blanks();
  bool go_over_blanks();
  std::size_t identifier_end(std::size_t place) const;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t walked_ = 0;
  // The blanks that were skipped last: rule after rule looks for its sign behind them.
  std::size_t blanks_from_ = std::string_view::npos;
  std::size_t blanks_to_ = 0;
};

// Escapes in the text between quotes resolved. \u is not among them.
std::string unescaped(std::string_view quoted);

}  // namespace worker::feel
