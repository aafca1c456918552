// Where secrets come from: the interface. A look-up never waits: files and environment answer at
// once, a remote store answers from the copy that it keeps fresh by itself. Loop's thread; a source
// must outlive the resolver that asks it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/base/secret.h"

namespace worker::secrets {

struct finding {
  enum class state {
    found,
    missing,  // there is no such secret here: the next source is asked
    away,     // it cannot be said now: nobody else is asked, the task may work later
    refused,  // it is there and cannot be used (too large, not text): for good
  };
  state what = state::missing;
  connector::secret_string value;  // when found
  std::string reason;              // when away or refused, for people: names no value

  static finding found(connector::secret_string value) {
    return {state::found, std::move(value), {}};
  }
  static finding missing() { return {}; }
  static finding away(std::string reason) { return {state::away, {}, std::move(reason)}; }
  static finding refused(std::string reason) { return {state::refused, {}, std::move(reason)}; }
};

class source {
 public:
  source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual ~source() = default;

  // `name` has passed is_name (references.h).
  [[nodiscard]] virtual finding look_up(std::string_view name) = 0;

  // "files in /etc/secrets", for `check`.
  [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace worker::secrets
