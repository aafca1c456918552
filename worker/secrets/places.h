// Where a string stands in a task's inputs: "payload.items[0].token" is written the same way in the
// header `secrets` and in messages. A string that is JSON text is gone into like an object, and a
// name with other than plain letters stands quoted in brackets: payload["a.b"]. Pure.
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

// Nothing when `text` is no place. `[*]` is any element of an array.
std::optional<place> place_of_text(std::string_view text);
std::string text_of_place(const place& where);

// Whether the listed place, which may have [*], is this one.
bool covers(const place& listed, const place& where);

// The way from an input down to the string that is looked at, through JSON text in strings as well.
// Names stay as they are written in the JSON until somebody asks.
class way_down {
 public:
  explicit way_down(std::string_view input) : input_(input) {}

  // Nothing when it ends in a name of a member, which stands in no place of its own, or when one of
  // the names on the way is no text.
  [[nodiscard]] std::optional<place> here() const;

  // Calls `rewrite` with each string token of checked JSON text (quotes included, names of members
  // too), this way leading to it meanwhile. What comes back replaces the token. All other bytes
  // stay as they are. `text` outlives the call, which may be made again from within `rewrite`.
  std::string rewrite_strings(
      std::string_view text,
      const std::function<std::optional<std::string>(std::string_view token)>& rewrite);

 private:
  struct level {
    bool in_array = false;
    bool in_name = false;  // the next string is a name, and not the value that follows it
    std::size_t index = 0;
    std::string_view raw_name{};
  };
  void pass(char c, std::size_t outside);

  std::string_view input_;
  std::vector<level> levels_;
};

}  // namespace worker::secrets
