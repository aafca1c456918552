// Where secrets come from: the interface. A look-up never waits: files and environment answer at
// once, a remote store answers from the copy that it keeps fresh by itself, and says when that copy
// is too old to tell. Loop's thread; a source must outlive the resolver that asks it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/secret.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::secrets {

class source;

struct finding {
  enum class state {
    found,
    missing,  // there is no such secret here: the next source is asked
    unsure,   // not here as far as is known; the next source is asked, then this one once more
    away,     // it cannot be said now: nobody else is asked, the task may work later
    refused,  // it is there and cannot be used (too large, not text): for good
  };
  state result = state::missing;
  connector::secret_string value;  // when found
  std::string reason;              // when unsure, away or refused, for people: names no value
  source* again = nullptr;         // when unsure: who may know more after look_again()
  // Set by the resolver on what it found: the value stays known to redaction while this lives.
  redaction_registry::hold known{};

  static finding found(connector::secret_string value) {
    return {state::found, std::move(value), {}, nullptr, {}};
  }
  static finding missing() { return {}; }
  static finding unsure(std::string reason) {
    return {state::unsure, {}, std::move(reason), nullptr, {}};
  }
  static finding away(std::string reason) {
    return {state::away, {}, std::move(reason), nullptr, {}};
  }
  static finding refused(std::string reason) {
    return {state::refused, {}, std::move(reason), nullptr, {}};
  }
};

class source {
 public:
  source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual ~source() = default;

  // `name` has passed is_name (references.h).
  [[nodiscard]] virtual finding look_up(std::string_view name) = 0;

  // Starts what makes a source sure that was unsure, as often as it likes; looked() comes back when
  // that is done, or at once when nothing is under way.
  virtual void look_again() {}
  virtual boost::asio::awaitable<void> looked() { co_return; }

  // "files in /etc/secrets", for `check` and for who looks for a secret that is missing.
  [[nodiscard]] virtual std::string describe() const = 0;

  // Why no secret can be had here now, for people, with its path; empty: some may be. A look-up of
  // a name that is not found is unsure meanwhile, or away.
  [[nodiscard]] virtual std::string trouble() const { return {}; }
};

}  // namespace worker::secrets
