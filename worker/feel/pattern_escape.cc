#include "worker/feel/pattern_escape.h"

#include <string>

#include "worker/feel/character_property.h"

namespace worker::feel {
namespace {

char32_t read_octal(pattern_state& state) {
  const std::size_t begin = state.in.position();
  if (const auto three = state.in.take_number(8, 3, 0377)) return *three;
  state.in.go_back_to(begin);
  const auto two = state.in.take_number(8, 2, 077);
  state.refuse_unless(two.has_value());
  return two.value_or(0);
}

char32_t read_digits(pattern_state& state, std::size_t width) {
  const std::size_t begin = state.in.position();
  const auto code = state.in.take_number(16, width, 0xFFFF);
  state.refuse_unless(code && state.in.position() - begin == width);
  return code.value_or(0);
}

char32_t read_hexadecimal(pattern_state& state) {
  if (!state.in.take('{')) return read_digits(state, 2);
  const auto code = state.in.take_number(16, 8, 0x10FFFF);
  state.refuse_unless(code && state.in.take('}'));
  return code.value_or(0);
}

// Two escapes of surrogates are one character.
char32_t read_utf16(pattern_state& state) {
  const char32_t high = read_digits(state, 4);
  if (high < 0xD800 || high > 0xDFFF) return high;
  const std::size_t begin = state.in.position();
  if (high < 0xDC00 && state.in.take('\\') && state.in.take('u')) {
    const char32_t low = read_digits(state, 4);
    if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00);
  }
  if (!state.refused) state.in.go_back_to(begin);
  return 0xFFFD;  // half a pair is in no text
}

std::string read_property_name(pattern_state& state) {
  const auto ascii = [](char32_t code) { return code < 0x80 ? static_cast<char>(code) : '?'; };
  if (!state.in.take('{'))
    return state.in.at_end() ? "" : std::string(1, ascii(state.in.next().code));
  std::string name;
  while (!state.in.at_end() && !state.in.sees('}')) name += ascii(state.in.next().code);
  state.refuse_unless(state.in.take('}'));
  return name;
}

pattern_escape read_property(pattern_state& state, bool negative) {
  const auto set =
      property_set(read_property_name(state), {state.flags.caseless, state.flags.unicode_classes});
  if (!state.refuse_unless(set.has_value())) return {};
  return {0, negative ? set->negated() : *set};
}

}  // namespace

pattern_escape read_escape(pattern_state& state) {
  if (!state.refuse_unless(!state.in.at_end())) return {};
  const char32_t letter = state.in.next().code;
  if (letter == 'p' || letter == 'P') return read_property(state, letter == 'P');
  if (is_ascii_letter(letter)) {
    const auto set = shorthand_set(letter | 0x20U, state.flags.unicode_classes);
    if (set) return {0, letter < 'a' ? set->negated() : *set};
  }
  switch (letter) {
    case '0':
      return {read_octal(state), {}};
    case 'a':
      return {U'\a', {}};
    case 'e':
      return {U'\x1B', {}};
    case 'f':
      return {U'\f', {}};
    case 'n':
      return {U'\n', {}};
    case 'r':
      return {U'\r', {}};
    case 't':
      return {U'\t', {}};
    case 'c':
      if (!state.refuse_unless(!state.in.at_end())) return {};
      return {state.in.next().code ^ 64U, {}};
    case 'x':
      return {read_hexadecimal(state), {}};
    case 'u':
      return {read_utf16(state), {}};
    default:
      state.refuse_unless(!is_ascii_letter(letter) && (letter < '1' || letter > '9'));
      return {letter, {}};
  }
}

}  // namespace worker::feel
