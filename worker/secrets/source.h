// Where secrets come from: the interface. A look-up never waits: the files and the environment are
// read at once, and a remote store answers from the copy that it keeps. When that copy is too old
// to say that a secret does not exist, the result is `stale`. Loop's thread; a source must outlive
// the resolver that asks it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/secret.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::secrets {

class source;

// Readings of a remote store, for the metrics.
struct store_counters {
  std::uint64_t read = 0;
  std::uint64_t failed = 0;
  std::optional<std::chrono::milliseconds> age;  // of the copy; nothing: there is none
};

// The answer of a source about one name.
struct lookup_result {
  enum class state {
    found,
    missing,      // the source has no such secret: the next source is asked
    stale,        // not found, but the source may know too little: the next source is asked, and
                  // then this one again, after refresh()
    unavailable,  // the source cannot say: no later source is asked, a retry may work
    unusable,     // the secret exists and cannot be used (too large, no text): permanent
  };
  static constexpr std::size_t states = 5;
  state result = state::missing;
  connector::secret_string value;  // when found
  std::string reason;              // when stale, unavailable or unusable; holds no value
  source* stale_source = nullptr;  // when stale: the source that may know more after refresh()
  // When found in a file that a setting of the worker names: that setting, for people. Credential
  // profiles may use such a file, tasks may not.
  std::string named_by{};
  // Set by the resolver when found: redaction knows the value while this handle lives.
  redaction_registry::handle known{};

  static lookup_result found(connector::secret_string value) {
    return {state::found, std::move(value), {}, nullptr};
  }
  static lookup_result missing() { return {}; }
  static lookup_result stale(std::string reason) {
    return {state::stale, {}, std::move(reason), nullptr};
  }
  static lookup_result unavailable(std::string reason) {
    return {state::unavailable, {}, std::move(reason), nullptr};
  }
  static lookup_result unusable(std::string reason) {
    return {state::unusable, {}, std::move(reason), nullptr};
  }
};

// "found", "missing"; in metrics.
std::string_view name_of(lookup_result::state result);

class source {
 public:
  source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual ~source() = default;

  // `name` has passed is_name (references.h).
  [[nodiscard]] virtual lookup_result look_up(std::string_view name) = 0;

  // Starts to read a stale source again; the source decides how often it really reads. The wait
  // ends when that reading has ended, or at once when there is none.
  virtual void refresh() {}
  virtual boost::asio::awaitable<void> refreshed() { co_return; }

  // "files in /etc/secrets": for `check`, and for messages about a secret that is missing.
  [[nodiscard]] virtual std::string describe() const = 0;

  // Between a tenant's id and the name of its secret, in the names of this source.
  [[nodiscard]] virtual std::string_view tenant_separator() const { return "/"; }

  // Why this source can give no secret at all now, with its path; empty: it can. While there is an
  // issue, the look-up of a name that is not found is `stale` or `unavailable`.
  [[nodiscard]] virtual std::string issue() const { return {}; }
};

}  // namespace worker::secrets
