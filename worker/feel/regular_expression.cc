#include "worker/feel/regular_expression.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <list>
#include <utility>
#include <vector>

#include "worker/feel/replacement_text.h"

namespace worker::feel {
namespace {

constexpr std::uint32_t max_heap_kilobytes = 16 * 1024;
// Java's. PCRE2 takes many times as much memory to read one, and refuses most that are longer.
constexpr std::size_t max_pattern_bytes = 16 * 1024;
constexpr std::size_t max_cached = 64;
constexpr std::size_t max_cached_bytes = 4 * 1024;  // of one pattern

template <class T, void (*Free)(T*)>
struct freed {
  void operator()(T* owned) const { Free(owned); }
};
using code_pointer = std::unique_ptr<pcre2_code, freed<pcre2_code, pcre2_code_free>>;
using data_pointer =
    std::unique_ptr<pcre2_match_data, freed<pcre2_match_data, pcre2_match_data_free>>;
using match_pointer =
    std::unique_ptr<pcre2_match_context, freed<pcre2_match_context, pcre2_match_context_free>>;
using compile_pointer = std::unique_ptr<pcre2_compile_context,
                                        freed<pcre2_compile_context, pcre2_compile_context_free>>;

PCRE2_SPTR bytes_of(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data() != nullptr ? text.data() : "");
}

// Looks at the clock while PCRE2 searches. Its own limit counts steps, and one step may run through
// the whole text, as that of `.*+` does. It is called at each part of the pattern.
class watch {
 public:
  watch(connector::deadline until, std::size_t text)
      : until_(until), between_looks_(std::clamp<std::size_t>(most_bytes / (text + 1), 1, 256)) {}

  static int look(pcre2_callout_block* /*where*/, void* self) {
    return static_cast<watch*>(self)->is_over() ? PCRE2_ERROR_CALLOUT : 0;
  }

 private:
  static constexpr std::size_t most_bytes = 256 * 1024;  // that are run through between two looks

  bool is_over() {
    if (++calls_ % between_looks_ != 0) return false;
    return connector::boot_clock::now() >= until_;
  }

  connector::deadline until_;
  std::size_t between_looks_;
  std::size_t calls_ = 0;
};

// One character on.
std::size_t after(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) ++at;
  return at;
}

}  // namespace

struct regular_expression::library {
  code_pointer code;
};

pattern_flags flags_of(std::string_view letters) {
  const auto has = [letters](char c) { return letters.find(c) != std::string_view::npos; };
  return {has('i'), has('m'), has('s'), has('x')};
}

regular_expression::regular_expression(std::unique_ptr<library> of, translated_pattern pattern)
    : library_(std::move(of)), groups_(pattern.groups), names_(std::move(pattern.names)) {}

regular_expression::~regular_expression() = default;

std::shared_ptr<const regular_expression> regular_expression::compile(std::string_view pattern,
                                                                      pattern_flags flags) {
  if (pattern.size() > max_pattern_bytes) return nullptr;
  auto translated = translate_pattern(pattern, flags);
  if (!translated) return nullptr;
  const compile_pointer context(pcre2_compile_context_create(nullptr));
  if (context) pcre2_set_parens_nest_limit(context.get(), 1'000);
  int problem = 0;
  PCRE2_SIZE where = 0;
  code_pointer code(
      pcre2_compile(bytes_of(translated->pattern), translated->pattern.size(),
                    PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
                    &problem, &where, context.get()));
  if (!code) return nullptr;
  return std::shared_ptr<const regular_expression>(new regular_expression(
      std::make_unique<library>(library{std::move(code)}), std::move(*translated)));
}

std::shared_ptr<const regular_expression> regular_expression::cached(std::string_view pattern,
                                                                     pattern_flags flags) {
  struct kept {
    std::string pattern;
    pattern_flags flags;
    std::shared_ptr<const regular_expression> compiled;
  };
  thread_local std::list<kept> used;  // the last one first
  const auto found = std::find_if(used.begin(), used.end(), [&](const kept& one) {
    return one.pattern == pattern && one.flags == flags;
  });
  if (found != used.end()) {
    used.splice(used.begin(), used, found);
    return used.front().compiled;
  }
  auto compiled = compile(pattern, flags);
  if (pattern.size() > max_cached_bytes) return compiled;
  used.push_front({std::string(pattern), flags, compiled});
  if (used.size() > max_cached) used.pop_back();
  return compiled;
}

regular_expression::ending regular_expression::each_match(
    std::string_view text, const match_bounds& bounds,
    const std::function<bool(places)>& found) const {
  const data_pointer data(pcre2_match_data_create_from_pattern(library_->code.get(), nullptr));
  const match_pointer context(pcre2_match_context_create(nullptr));
  if (!data || !context) return ending::limit_reached;
  const auto steps = std::min<std::uint64_t>(bounds.steps + 20 * std::uint64_t{text.size()},
                                             std::uint32_t{0xFFFFFFFF});
  pcre2_set_match_limit(context.get(), static_cast<std::uint32_t>(steps));
  pcre2_set_heap_limit(context.get(), max_heap_kilobytes);
  watch clock(bounds.until, text.size());
  if (bounds.until != connector::deadline::max()) {
    pcre2_set_callout(context.get(), watch::look, &clock);
  }
  std::vector<std::optional<place>> groups(groups_ + 1);
  std::uint32_t options = 0;  // the first search checks that the text is UTF-8
  for (std::size_t from = 0; from <= text.size();) {
    const int count = pcre2_match(library_->code.get(), bytes_of(text), text.size(), from, options,
                                  data.get(), context.get());
    if (count == PCRE2_ERROR_NOMATCH) return ending::done;
    if (count <= 0) return ending::limit_reached;
    const PCRE2_SIZE* const at = pcre2_get_ovector_pointer(data.get());
    for (std::size_t group = 0; group <= groups_; ++group) {
      const bool there = group < static_cast<std::size_t>(count) && at[2 * group] != PCRE2_UNSET;
      groups[group] =
          there ? std::optional<place>({at[2 * group], at[2 * group + 1]}) : std::nullopt;
    }
    if (!found(groups)) return ending::done;
    const place all = *groups.front();
    from = all.end > all.begin ? all.end : after(text, all.end);
    options = PCRE2_NO_UTF_CHECK;
  }
  return ending::done;
}

std::optional<bool> regular_expression::finds(std::string_view text,
                                              const match_bounds& bounds) const {
  bool there = false;
  const ending how = each_match(text, bounds, [&there](places) {
    there = true;
    return false;
  });
  return how == ending::done ? std::optional(there) : std::nullopt;
}

regular_expression::replaced regular_expression::replace_all(std::string_view text,
                                                             std::string_view replacement,
                                                             const match_bounds& bounds) const {
  std::optional<std::vector<replacement_piece>> pieces;
  bool refused = false;
  bool too_long = false;
  std::string result;
  const auto add = [&](std::string_view more) {
    too_long = too_long || more.size() > bounds.bytes - result.size();
    if (!too_long) result += more;
  };
  std::size_t copied = 0;
  const ending how = each_match(text, bounds, [&](places found) {
    if (!pieces) pieces = parse_replacement(replacement, groups_, names_);
    refused = !pieces;
    if (refused) return false;
    add(text.substr(copied, found.front()->begin - copied));
    copied = found.front()->end;
    for (const replacement_piece& piece : *pieces) {
      if (!piece.group) {
        add(piece.literal);
      } else if (const auto& of = found[*piece.group]) {
        add(text.substr(of->begin, of->end - of->begin));
      }
    }
    return !too_long;
  });
  if (refused) return {};
  if (how == ending::done) add(text.substr(copied));
  if (too_long) return {ending::too_long, std::nullopt};
  if (how != ending::done) return {how, std::nullopt};
  return {ending::done, std::move(result)};
}

}  // namespace worker::feel
