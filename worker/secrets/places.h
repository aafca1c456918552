// The place of a string in a task's inputs: "payload.items[0].token". The header `secrets` and the
// messages write it the same way. A place may lead into a string that is JSON text, as into an
// object. A name with special characters is quoted in brackets: payload["a.b"]. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::secrets {

// One step down: into a member of an object, or into an element of an array, counted from 0.
struct step {
  enum class kind { member, element, any_element };
  kind type = kind::member;
  std::string name;       // of a member
  std::size_t index = 0;  // of an element

  friend bool operator==(const step&, const step&) = default;
};

// The first step is a member: the name of the input.
using place = std::vector<step>;

inline constexpr std::size_t longest_place = 1000;  // as text

// Nothing when `text` is not a place. `[*]` is any element of an array.
std::optional<place> place_of_text(std::string_view text);
std::string text_of_place(const place& where);

// Whether the listed place, which may hold [*], is the place `where`.
bool covers(const place& listed, const place& where);

// The place of the current string while the strings of an input are visited, JSON text in strings
// included. Member names are decoded only by here().
class place_tracker {
 public:
  explicit place_tracker(std::string_view input) : input_(input) {}

  // Nothing when the current string is the name of a member, which has no place of its own, or when
  // a name on the way is not text.
  [[nodiscard]] std::optional<place> here() const;

  // Calls `rewrite` with each string token of checked JSON text, quotes included; member names are
  // string tokens too. During the call here() is the place of that token. The result of `rewrite`
  // replaces the token; all other bytes stay. `rewrite` may call this again. `text` outlives the
  // call.
  std::string rewrite_strings(
      std::string_view text,
      const std::function<std::optional<std::string>(std::string_view token)>& rewrite);

 private:
  struct level {
    bool in_array = false;
    bool in_name = false;  // the next string is a member's name, not its value
    std::size_t index = 0;
    std::string_view raw_name{};
  };
  void pass(char c, std::size_t outside);

  std::string_view input_;
  std::vector<level> levels_;
};

}  // namespace worker::secrets
