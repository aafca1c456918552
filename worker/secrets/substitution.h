// The inside of the resolver: replaces the references of one task, value by value, and remembers
// the first thing that is wrong. Lives for one call of resolve(), which owns what it refers to.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/secrets/listing.h"
#include "worker/secrets/places.h"
#include "worker/secrets/resolver.h"

namespace worker::secrets {

// Whose text a value is: the model's own, where every reference counts, or data.
enum class trust { model, data };

class substitution {
 public:
  substitution(const resolver& from, data_mode in_data, const resolve_limits& limits,
               listing listed, const refusing_list& refusing);

  // The value that is worked on from here; `called`, "The input payload", names it in messages.
  void enter(std::string called, std::string_view input);

  // Leaves the value as it is when something is wrong with it.
  void put_into(connector::input_value& input, trust whose);
  void refuse_references(const connector::input_value& input);

  [[nodiscard]] const std::optional<connector::error>& wrong() const { return wrong_; }
  // Who may know more about a secret of this value after a while; null: nothing to wait for.
  [[nodiscard]] source* unsure() const { return unsure_; }
  // Forgets what was wrong with this value and what the sources were unsure of, to try it again.
  void step_back();
  void take_secrets(resolved_task& into);

 private:
  // A string token of JSON text with its references replaced; nothing when it has none.
  std::optional<std::string> token(std::string_view token, trust whose, int depth);
  // The same for a text; when it is JSON text, its strings are looked at one by one.
  std::optional<std::string> text(std::string_view text, trust whose, int depth);
  std::optional<std::string> plain_text(std::string_view text, trust whose);
  std::optional<std::string> bare(std::string_view name, trust whose);
  // What the sources say, or why the operator's lists keep the name from them.
  [[nodiscard]] finding look_up(std::string_view name) const;
  // The secret's value; nothing, and wrong() set, when there is none to use.
  const connector::secret_string* value_of(std::string_view name);
  bool count_inserted(std::size_t bytes);
  // Whether a reference in data counts where the way down has come to.
  [[nodiscard]] bool counts(std::string_view name) const;
  void fail_unlisted(std::string_view name);
  void fail(connector::error wrong);

  const resolver& from_;
  data_mode in_data_;
  resolve_limits limits_;
  listing listed_;
  const refusing_list& refusing_;
  std::string called_;
  std::string input_;
  way_down way_{{}};
  std::map<std::string, finding, std::less<>> looked_up_;
  std::size_t inserted_ = 0;
  std::size_t inserted_before_ = 0;  // by the values before this one
  std::optional<connector::error> wrong_;
  source* unsure_ = nullptr;
};

}  // namespace worker::secrets
