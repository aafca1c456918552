// Masks secret values in text that leaves the program, in every spelling of spellings.h and every
// reading of readings.h. Values shorter than 4 bytes are not masked: they would mask ordinary text.
// A redactor that is no longer changed may be read by any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/secret.h"
#include "worker/secrets/pattern_table.h"

namespace worker::secrets {

class reading;

class redactor {
 public:
  static constexpr std::size_t shortest = pattern_table::shortest;

  redactor() = default;
  explicit redactor(const std::vector<connector::secret_string>& values);

  void add(const connector::secret_string& value);
  void add(const std::shared_ptr<const secret_forms>& forms) { known_.add(forms); }
  void remove(const std::shared_ptr<const secret_forms>& forms) { known_.remove(forms); }
  [[nodiscard]] bool empty() const { return known_.empty(); }

  // Whether the text holds a value.
  [[nodiscard]] bool finds(std::string_view text) const;
  // Whether JSON text holds one, where mask_json() would find it.
  [[nodiscard]] bool finds_in_json(std::string_view text) const;
  // Every occurrence becomes ***; overlapping ones become one. Text without any stays as it is.
  [[nodiscard]] std::string mask(std::string text) const;
  // The same for JSON text: each string is masked as the text that it means, and then the whole
  // text, for values that are no strings or that span several strings. The result may be no JSON.
  [[nodiscard]] std::string mask_json(std::string text) const;
  // The first `most` bytes of the text, unmasked; more when a value crosses that end, up to the end
  // of the value: the beginning of a value alone would not be recognised by a later mask(). No
  // character is cut in two. The cost depends on the bytes needed, not on the whole text.
  [[nodiscard]] std::string front(std::string_view text, std::size_t most) const;
  // mask() for text that was cut out of a longer one. A value whose beginning was cut off is masked
  // too, when at least `shortest` bytes of it are left at the start. The cut may have split a
  // character or an escape; the rest of that stands before the rest of the value.
  [[nodiscard]] std::string mask_cut(std::string text) const;

 private:
  // A part of the text that was given, to be hidden.
  struct part {
    std::size_t begin;
    std::size_t end;
  };
  using parts = std::vector<part>;

  bool find_in(const reading& in, parts& out, bool first_only) const;
  [[nodiscard]] parts found_in(std::string_view text) const;
  [[nodiscard]] std::size_t rest_at_start(std::string_view text) const;
  // Sorts the parts and merges overlapping ones.
  static void put_in_order(parts& of);
  static std::string hidden(std::string text, const parts& masked);

  pattern_table known_;
};

}  // namespace worker::secrets
