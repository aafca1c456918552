#include "worker/feel/character_property.h"

#include <algorithm>
#include <array>
#include <string>

namespace worker::feel {
namespace {

struct named_set {
  std::string_view name;
  std::string_view items;
};

template <std::size_t Size>
std::string_view items_of(const std::array<named_set, Size>& sets, std::string_view name) {
  const auto found = std::find_if(sets.begin(), sets.end(),
                                  [name](const named_set& one) { return one.name == name; });
  return found == sets.end() ? std::string_view() : found->items;
}

constexpr std::array<named_set, 13> posix{{
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x00-\\x7F"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-\\/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", "\\x20-~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x00-\\x1F\\x7F"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t-\\r"},
}};

// The same names with the flag for all of Unicode.
constexpr std::array<named_set, 12> unicode_posix{{
    {"LOWER", "\\p{Lowercase}"},
    {"UPPER", "\\p{Uppercase}"},
    {"ALPHA", "\\p{Alphabetic}"},
    {"DIGIT", "\\p{Nd}"},
    {"ALNUM", "\\p{Alphabetic}\\p{Nd}"},
    {"PUNCT", "\\p{P}"},
    {"BLANK", "\\p{Zs}\\t"},
    {"CNTRL", "\\p{Cc}"},
    {"XDIGIT", "\\p{Nd}\\p{Hex_Digit}"},
    {"SPACE", "\\p{White_Space}"},
    {"GRAPH", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}"},
    {"PRINT", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}"},
}};

constexpr std::array<named_set, 30> binary{{
    {"ALPHABETIC", "\\p{Alphabetic}"},
    {"LETTER", "\\p{L}"},
    {"IDEOGRAPHIC", "\\p{Ideographic}"},
    {"LOWERCASE", "\\p{Lowercase}"},
    {"UPPERCASE", "\\p{Uppercase}"},
    {"TITLECASE", "\\p{Lt}"},
    {"WHITE_SPACE", "\\p{White_Space}"},
    {"WHITESPACE", "\\p{White_Space}"},
    {"CONTROL", "\\p{Cc}"},
    {"PUNCTUATION", "\\p{P}"},
    {"HEX_DIGIT", "\\p{Nd}\\p{Hex_Digit}"},
    {"HEXDIGIT", "\\p{Nd}\\p{Hex_Digit}"},
    {"ASSIGNED", "\\P{Cn}"},
    {"NONCHARACTER_CODE_POINT", "\\p{Noncharacter_Code_Point}"},
    {"NONCHARACTERCODEPOINT", "\\p{Noncharacter_Code_Point}"},
    {"DIGIT", "\\p{Nd}"},
    {"ALNUM", "\\p{Alphabetic}\\p{Nd}"},
    {"BLANK", "\\p{Zs}\\t"},
    {"GRAPH", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}"},
    {"PRINT", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}"},
    {"WORD", "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}"},
    {"JOIN_CONTROL", "\\x{200C}\\x{200D}"},
    {"JOINCONTROL", "\\x{200C}\\x{200D}"},
    {"EMOJI", "\\p{Emoji}"},
    {"EMOJI_PRESENTATION", "\\p{Emoji_Presentation}"},
    {"EMOJI_MODIFIER", "\\p{Emoji_Modifier}"},
    {"EMOJI_MODIFIER_BASE", "\\p{Emoji_Modifier_Base}"},
    {"EMOJI_COMPONENT", "\\p{Emoji_Component}"},
    {"EXTENDED_PICTOGRAPHIC", "\\p{Extended_Pictographic}"},
    {"ALPHA", "\\p{Alphabetic}"},
}};

constexpr std::array<named_set, 14> of_java{{
    {"javaLowerCase", "\\p{Lowercase}"},
    {"javaUpperCase", "\\p{Uppercase}"},
    {"javaAlphabetic", "\\p{Alphabetic}"},
    {"javaIdeographic", "\\p{Ideographic}"},
    {"javaTitleCase", "\\p{Lt}"},
    {"javaDigit", "\\p{Nd}"},
    {"javaDefined", "\\P{Cn}"},
    {"javaLetter", "\\p{L}"},
    {"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
    {"javaSpaceChar", "\\p{Z}"},
    {"javaWhitespace",
     "\\t-\\r\\x1C-\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}"
     "\\x{2028}\\x{2029}\\x{205F}\\x{3000}"},
    {"javaISOControl", "\\x00-\\x1F\\x7F-\\x{9F}"},
    {"javaJavaIdentifierStart", "\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}"},
    {"javaMirrored", "\\p{Bidi_Mirrored}"},
}};

constexpr std::array<named_set, 27> blocks{{
    {"basiclatin", "\\x00-\\x7F"},
    {"latin1supplement", "\\x{80}-\\x{FF}"},
    {"latinextendeda", "\\x{100}-\\x{17F}"},
    {"latinextendedb", "\\x{180}-\\x{24F}"},
    {"ipaextensions", "\\x{250}-\\x{2AF}"},
    {"spacingmodifierletters", "\\x{2B0}-\\x{2FF}"},
    {"combiningdiacriticalmarks", "\\x{300}-\\x{36F}"},
    {"greek", "\\x{370}-\\x{3FF}"},
    {"greekandcoptic", "\\x{370}-\\x{3FF}"},
    {"cyrillic", "\\x{400}-\\x{4FF}"},
    {"armenian", "\\x{530}-\\x{58F}"},
    {"hebrew", "\\x{590}-\\x{5FF}"},
    {"arabic", "\\x{600}-\\x{6FF}"},
    {"devanagari", "\\x{900}-\\x{97F}"},
    {"thai", "\\x{E00}-\\x{E7F}"},
    {"hanguljamo", "\\x{1100}-\\x{11FF}"},
    {"latinextendedadditional", "\\x{1E00}-\\x{1EFF}"},
    {"generalpunctuation", "\\x{2000}-\\x{206F}"},
    {"currencysymbols", "\\x{20A0}-\\x{20CF}"},
    {"arrows", "\\x{2190}-\\x{21FF}"},
    {"mathematicaloperators", "\\x{2200}-\\x{22FF}"},
    {"cjksymbolsandpunctuation", "\\x{3000}-\\x{303F}"},
    {"hiragana", "\\x{3040}-\\x{309F}"},
    {"katakana", "\\x{30A0}-\\x{30FF}"},
    {"cjkunifiedideographs", "\\x{4E00}-\\x{9FFF}"},
    {"hangulsyllables", "\\x{AC00}-\\x{D7AF}"},
    {"emoticons", "\\x{1F600}-\\x{1F64F}"},
}};

constexpr std::array<std::string_view, 39> categories{
    "C",  "Cc", "Cf", "Cn", "Co", "Cs", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",
    "Mc", "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf", "Pi",
    "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs", "LC", "LD"};

std::string changed(std::string_view text, char first, char last, int by) {
  std::string other(text);
  for (char& c : other) {
    if (c >= first && c <= last) c = static_cast<char>(c + by);
  }
  return other;
}

std::string upper(std::string_view text) { return changed(text, 'a', 'z', 'A' - 'a'); }

std::optional<character_set> set_of(std::string_view items) {
  if (items.empty()) return std::nullopt;
  return character_set::of_items(std::string(items));
}

std::optional<character_set> category(std::string_view name, bool caseless) {
  if (std::find(categories.begin(), categories.end(), name) == categories.end()) {
    if (name == "L1") return set_of("\\x00-\\x{FF}");
    return name == "all" ? std::optional(character_set::any()) : std::nullopt;
  }
  if (name == "LC") return set_of("\\p{L&}");
  if (name == "LD") return set_of("\\p{L}\\p{Nd}");
  const bool cased = name == "Lu" || name == "Ll" || name == "Lt";
  if (caseless && cased) return set_of("\\p{L&}");
  return set_of("\\p{" + std::string(name) + "}");
}

std::optional<character_set> block(std::string_view name) {
  std::string plain = changed(name, 'A', 'Z', 'a' - 'A');
  std::erase_if(plain, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  return set_of(items_of(blocks, plain));
}

std::optional<character_set> script(std::string_view name) {
  const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  // Whether there is such a script, PCRE2 says when it compiles the whole.
  return good ? set_of("\\p{sc:" + std::string(name) + "}") : std::nullopt;
}

std::optional<character_set> cased_or(std::string_view name, std::string_view items,
                                      bool caseless) {
  const bool cased = name == "LOWERCASE" || name == "UPPERCASE" || name == "TITLECASE" ||
                     name == "LOWER" || name == "UPPER" || name == "javaLowerCase" ||
                     name == "javaUpperCase" || name == "javaTitleCase";
  return caseless && cased ? set_of("\\p{L&}") : set_of(items);
}

std::optional<character_set> posix_or_category(std::string_view name, const property_reading& how) {
  if (how.caseless && (name == "Lower" || name == "Upper")) return set_of("a-zA-Z");
  if (const auto items = items_of(posix, name); !items.empty()) return set_of(items);
  if (const auto items = items_of(of_java, name); !items.empty()) {
    return cased_or(name, items, how.caseless);
  }
  return category(name, how.caseless);
}

std::optional<character_set> by_key(std::string_view key, std::string_view value,
                                    const property_reading& how) {
  const std::string which = changed(key, 'A', 'Z', 'a' - 'A');
  if (which == "sc" || which == "script") return script(value);
  if (which == "blk" || which == "block") return block(value);
  if (which == "gc" || which == "general_category") return posix_or_category(value, how);
  return std::nullopt;
}

}  // namespace

std::optional<character_set> property_set(std::string_view name, const property_reading& how) {
  if (const auto equals = name.find('='); equals != std::string_view::npos) {
    return by_key(name.substr(0, equals), name.substr(equals + 1), how);
  }
  if (name.starts_with("In")) return block(name.substr(2));
  if (name.starts_with("Is")) {
    const std::string_view rest = name.substr(2);
    const std::string shouted = upper(rest);
    if (const auto items = items_of(binary, shouted); !items.empty()) {
      return cased_or(shouted, items, how.caseless);
    }
    if (const auto found = posix_or_category(rest, how)) return found;
    return script(rest);
  }
  if (how.unicode) {
    const std::string shouted = upper(name);
    if (const auto items = items_of(unicode_posix, shouted); !items.empty()) {
      return cased_or(shouted, items, how.caseless);
    }
  }
  return posix_or_category(name, how);
}

std::optional<character_set> shorthand_set(char32_t letter, bool unicode) {
  switch (letter) {
    case 'd':
      return set_of(unicode ? "\\p{Nd}" : "0-9");
    case 'w':
      return set_of(unicode ? items_of(binary, "WORD") : "a-zA-Z_0-9");
    case 's':
      return set_of(unicode ? "\\p{White_Space}" : " \\t-\\r");
    case 'h':
      return set_of(" \\t\\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}");
    case 'v':
      return set_of("\\n-\\r\\x{85}\\x{2028}\\x{2029}");
    default:
      return std::nullopt;
  }
}

}  // namespace worker::feel
