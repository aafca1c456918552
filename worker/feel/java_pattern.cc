#include "worker/feel/java_pattern.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "worker/feel/character_property.h"
#include "worker/feel/character_set.h"
#include "worker/feel/pattern_escape.h"
#include "worker/feel/pattern_set.h"
#include "worker/feel/pattern_state.h"

namespace worker::feel {
namespace {

constexpr std::uint32_t max_repetition = 65'535;  // PCRE2's; Java's is 2^31 - 1
constexpr const char* line_end = "[\\n\\r\\x{85}\\x{2028}\\x{2029}]";

class translator {
 public:
  // `groups` of the whole pattern, as far as known: references to groups that there are not match
  // nothing.
  translator(std::string_view java, pattern_flags flags, std::size_t groups)
      : state_{pattern_reader(java), {flags}, 0, false}, groups_in_all_(groups) {}

  std::optional<translated_pattern> run() {
    result_.pattern = alternatives();
    state_.refuse_unless(in_.at_end());  // an unmatched ')'
    if (state_.refused) return std::nullopt;
    return std::move(result_);
  }

 private:
  std::string alternatives() {
    if (!state_.refuse_unless(++state_.depth <= max_pattern_depth)) return "";
    std::string text = sequence();
    while (in_.take('|')) text += "|" + sequence();
    --state_.depth;
    return text;
  }

  std::string sequence() {
    std::string text;
    skip();
    while (!in_.at_end() && !in_.sees('|') && !in_.sees(')')) {
      text += repeated();
      skip();
    }
    return text;
  }

  void skip() { state_.skip_comments(); }

  std::string repeated() {
    // Java takes an empty sequence before braces.
    std::string one = in_.sees('{') ? "(?:)" : atom();
    if (one.empty()) return one;
    skip();
    if (in_.sees('{')) {
      one += counted();
    } else if (in_.take('*')) {
      one += '*';
    } else if (in_.take('+')) {
      one += '+';
    } else if (in_.take('?')) {
      one += '?';
    } else {
      return one;
    }
    skip();
    if (in_.take('?')) return one + '?';
    if (in_.take('+')) return one + '+';
    return one;
  }

  std::string counted() {
    in_.next();
    const auto least = in_.take_number(10, 12, max_repetition);
    if (!state_.refuse_unless(least.has_value())) return "";
    std::string text = fmt::format("{{{}", *least);
    if (in_.take(',')) {
      text += ',';
      if (!in_.sees('}')) {
        const auto most = in_.take_number(10, 12, max_repetition);
        if (!state_.refuse_unless(most && *most >= *least)) return "";
        text += fmt::format("{}", *most);
      }
    }
    state_.refuse_unless(in_.take('}'));
    return text + '}';
  }

  // What a repetition may follow; empty for flags alone.
  std::string atom() {
    const pattern_character next = in_.next();
    if (next.quoted) return literal(next.code);
    switch (next.code) {
      case '(':
        return group();
      case '[':
        return with_case(read_set(state_)).pattern();
      case '\\':
        return escaped_atom();
      case '^':
        return start_of_line();
      case '$':
        return state_.flags.multiline ? end_of_line() : end_of_text();
      case '.':
        return any_character();
      case '*':
      case '+':
      case '?':
        state_.refuse();
        return "";
      default:
        return literal(next.code);
    }
  }

  [[nodiscard]] std::string any_character() const {
    if (state_.flags.dot_all) return ".";
    return state_.flags.unix_lines ? "[^\\n]" : "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
  }

  [[nodiscard]] std::string start_of_line() const {
    if (!state_.flags.multiline) return "(?:\\A)";
    if (state_.flags.unix_lines) return "(?:(?!\\z)(?:\\A|(?<=\\n)))";
    return fmt::format("(?:(?!\\z)(?:\\A|(?<={})(?!(?<=\\r)\\n)))", line_end);
  }

  [[nodiscard]] std::string end_of_line() const {
    if (state_.flags.unix_lines) return "(?:(?=\\n|\\z))";
    return fmt::format("(?:(?!(?<=\\r)\\n)(?={}|\\z))", line_end);
  }

  [[nodiscard]] std::string end_of_text() const {
    if (state_.flags.unix_lines) return "(?:(?=\\n?\\z))";
    return fmt::format("(?:(?!(?<=\\r)\\n)(?=(?:\\r\\n|{})?\\z))", line_end);
  }

  [[nodiscard]] std::string literal(char32_t code) const {
    if (!state_.flags.caseless) return escaped(code);
    if (state_.flags.unicode_case) return "(?i:" + escaped(code) + ")";
    if (!is_ascii_letter(code)) return escaped(code);
    return "[" + escaped(code) + escaped(other_case(code)) + "]";
  }

  [[nodiscard]] character_set with_case(const character_set& set) const {
    return state_.flags.caseless && state_.flags.unicode_case ? set.caseless() : set;
  }

  std::string group() {
    const all_pattern_flags before = state_.flags;
    const auto head = head_of_group();
    if (!head) return "";
    std::string text = *head + alternatives() + ")";
    state_.refuse_unless(in_.take(')'));
    state_.flags = before;
    // PCRE2 repeats groups, but not each kind of look-around.
    return head->starts_with("(?") && *head != "(?:" && *head != "(?>" ? "(?:" + text + ")" : text;
  }

  // Nothing for flags that hold until the end of the group around them.
  std::optional<std::string> head_of_group() {
    if (!in_.take('?')) {
      ++result_.groups;
      return "(";
    }
    for (const char kind : {':', '=', '!', '>'}) {
      if (in_.take(static_cast<unsigned char>(kind))) return std::string("(?") + kind;
    }
    if (in_.take('<')) {
      if (in_.take('=')) return "(?<=";
      if (in_.take('!')) return "(?<!";
      name_group();
      return "(";
    }
    change_flags();
    skip();
    if (in_.take(')')) return std::nullopt;
    state_.refuse_unless(in_.take(':'));
    return "(?:";
  }

  void name_group() {
    const std::string name = in_.take_name();
    const bool good = !name.empty() && is_ascii_letter(static_cast<unsigned char>(name.front()));
    if (!state_.refuse_unless(good && in_.take('>'))) return;
    state_.refuse_unless(result_.names.emplace(name, ++result_.groups).second);
  }

  void change_flags() {
    all_pattern_flags& flags = state_.flags;
    for (bool on = true;;) {
      skip();
      if (on && in_.take('-')) {
        on = false;
      } else if (in_.take('i')) {
        flags.caseless = on;
      } else if (in_.take('m')) {
        flags.multiline = on;
      } else if (in_.take('s')) {
        flags.dot_all = on;
      } else if (in_.take('d')) {
        flags.unix_lines = on;
      } else if (in_.take('u')) {
        flags.unicode_case = on;
      } else if (in_.take('x')) {
        flags.comments = on;
      } else if (in_.take('U')) {
        flags.unicode_classes = on;
        flags.unicode_case = on;
      } else {
        return;
      }
    }
  }

  std::string escaped_atom() {
    if (!state_.refuse_unless(!in_.at_end())) return "";
    const char32_t letter = in_.peek().code;
    if (letter >= '1' && letter <= '9') return numbered_reference();
    switch (letter) {
      case 'A':
      case 'G':
      case 'R':
      case 'X':
      case 'z':
        return std::string("(?:\\") + static_cast<char>(in_.next().code) + ")";
      case 'Z':
        in_.next();
        return end_of_text();
      case 'b':
      case 'B':
        in_.next();
        return word_boundary(letter == 'B');
      case 'k':
        in_.next();
        return named_reference();
      default:
        break;
    }
    const pattern_escape one = read_escape(state_);
    return one.set ? with_case(*one.set).pattern() : literal(one.code);
  }

  std::string word_boundary(bool none) {
    // \b{g}, a boundary of graphemes, is not known here.
    const bool of_graphemes = !none && in_.sees('{') && in_.sees_behind(1, 'g');
    if (!state_.refuse_unless(!of_graphemes)) return "";
    if (!state_.flags.unicode_classes) return none ? "(?:\\B)" : "(?:\\b)";
    const std::string word = shorthand_set('w', true)->pattern();
    return fmt::format("(?:(?<={0})(?{1}{0})|(?<!{0})(?{2}{0}))", word, none ? '=' : '!',
                       none ? '!' : '=');
  }

  [[nodiscard]] std::string reference(std::size_t number) const {
    if (number > groups_in_all_) return "(?!)";
    return fmt::format("({}:\\g{{{}}})", state_.flags.caseless ? "?i" : "?", number);
  }

  std::string numbered_reference() {
    std::size_t number = in_.next().code - U'0';
    // One more digit belongs to it as long as there is such a group already.
    while (!in_.at_end() && !in_.peek().quoted && in_.peek().code >= '0' &&
           in_.peek().code <= '9') {
      const std::size_t longer = 10 * number + (in_.peek().code - U'0');
      if (longer > result_.groups) break;
      number = longer;
      in_.next();
    }
    return reference(number);
  }

  std::string named_reference() {
    if (!state_.refuse_unless(in_.take('<'))) return "";
    const auto found = result_.names.find(in_.take_name());
    if (!state_.refuse_unless(found != result_.names.end() && in_.take('>'))) return "";
    return reference(found->second);
  }

  pattern_state state_;
  pattern_reader& in_ = state_.in;
  std::size_t groups_in_all_;
  translated_pattern result_;
};

}  // namespace

std::optional<translated_pattern> translate_pattern(std::string_view java, pattern_flags flags) {
  const auto first = translator(java, flags, 0).run();
  if (!first) return std::nullopt;
  return translator(java, flags, first->groups).run();
}

}  // namespace worker::feel
