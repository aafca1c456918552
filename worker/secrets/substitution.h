// The inside of the resolver: replaces the references of one task, value by value, and remembers
// the first thing that is wrong. Lives for one call of resolve(), which owns what it refers to.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "worker/secrets/resolver.h"

namespace worker::secrets {

// Whose text a value is: the model's own, where every reference counts, or data.
enum class trust { model, data };

class substitution {
 public:
  substitution(const resolver& from, data_mode in_data, const resolve_limits& limits,
               std::set<std::string, std::less<>> listed, const refusing_list& refusing);

  // "The input payload": how messages name the value that is worked on from here.
  void enter(std::string place) { place_ = std::move(place); }

  void put_into(connector::input_value& input, trust whose);
  void refuse_references(const connector::input_value& input);

  [[nodiscard]] const std::optional<connector::error>& wrong() const { return wrong_; }
  [[nodiscard]] std::vector<connector::secret_string> take_secrets();

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
  void fail(connector::error wrong);

  const resolver& from_;
  data_mode in_data_;
  resolve_limits limits_;
  std::set<std::string, std::less<>> listed_;
  const refusing_list& refusing_;
  std::string place_;
  std::map<std::string, finding, std::less<>> looked_up_;
  std::size_t inserted_ = 0;
  std::optional<connector::error> wrong_;
};

}  // namespace worker::secrets
