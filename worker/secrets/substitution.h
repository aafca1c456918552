// The inside of the resolver: replaces the references of one task, value by value, and keeps the
// first error. Lives for one call of resolve(), which owns what it refers to. Loop's thread.
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

// The author of a value: the model, whose references all count, or data of the process.
enum class trust { model, data };

class substitution {
 public:
  // `scope`: null: every secret.
  substitution(const resolver& from, data_mode in_data, const resolve_limits& limits,
               listing listed, const refusing_list& refusing, const tenant_scope* scope);

  // Goes on to the next value. `label` names it in messages: "The input payload".
  void begin_value(std::string label, std::string_view input);

  // On an error the value stays as it is.
  void replace_references(connector::input_value& input, trust whose);
  void refuse_references(const connector::input_value& input);

  [[nodiscard]] const std::optional<connector::error>& first_error() const { return first_error_; }
  // The source that was stale for a secret of this value; null: there is nothing to wait for.
  [[nodiscard]] source* stale_source() const { return stale_source_; }
  // Forgets the error of this value and all stale results, so that the value can be tried again.
  void reset_value();
  void move_secrets_to(resolved_task& into);

 private:
  // A string token of JSON text with its references replaced; nothing when it has none.
  std::optional<std::string> token(std::string_view token, trust whose, int depth);
  // The same for a text; when it is JSON text, its strings are looked at one by one.
  std::optional<std::string> text(std::string_view text, trust whose, int depth);
  std::optional<std::string> plain_text(std::string_view text, trust whose);
  std::optional<std::string> bare(std::string_view name, trust whose);
  // The sources' answer; `unusable` for what is the worker's own.
  [[nodiscard]] lookup_result ask(std::string_view name) const;
  // The same; `unusable` too when the policy does not allow the name.
  [[nodiscard]] lookup_result look_up(std::string_view name) const;
  // `unusable` for a name that the policy does not allow; else nothing.
  [[nodiscard]] std::optional<lookup_result> refusal_of(std::string_view name) const;
  // As look_up, and where the mode has them under the other spellings of the name: the first
  // allowed one that is found. Without any, what the allowed ones came to, else the refusal.
  [[nodiscard]] lookup_result look_up_spelt(std::string_view name) const;
  // The secret's value; null when there is none, and then first_error() says why.
  const connector::secret_string* value_of(std::string_view name);
  bool count_inserted(std::size_t bytes);
  // Whether a reference to `name` in data counts at the tracker's place.
  [[nodiscard]] bool counts(std::string_view name) const;
  void fail_unlisted(std::string_view name);
  void fail(connector::error e);

  const resolver& from_;
  data_mode in_data_;
  resolve_limits limits_;
  listing listed_;
  const refusing_list& refusing_;
  const tenant_scope* scope_;
  std::string label_;
  std::string input_;
  place_tracker tracker_{{}};
  std::map<std::string, lookup_result, std::less<>> looked_up_;
  std::size_t inserted_ = 0;
  std::size_t inserted_before_ = 0;  // by the values before this one
  std::optional<connector::error> first_error_;
  source* stale_source_ = nullptr;
};

}  // namespace worker::secrets
