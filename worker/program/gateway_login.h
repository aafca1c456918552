// The worker's login at the gateway, made from the settings: none, basic authentication, or OAuth
// with tokens of a token server. `redaction` outlives it. stop() must come before the end of the
// loop. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>

#include "connector/oauth/token_cache.h"
#include "worker/config/settings.h"
#include "worker/engine/login.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::program {

class gateway_login {
 public:
  virtual ~gateway_login() = default;
  gateway_login() = default;
  gateway_login(const gateway_login&) = delete;
  gateway_login& operator=(const gateway_login&) = delete;

  virtual engine::login& at_gateway() = 0;
  // Renews tokens in time, without a call that asks.
  virtual void keep_fresh() {}
  virtual void stop() {}
  // Of OAuth only.
  [[nodiscard]] virtual std::optional<connector::oauth::token_figures> figures() const {
    return std::nullopt;
  }
  // Asks for what calls would carry. A line for people about what there is, never the secret
  // itself.
  virtual boost::asio::awaitable<engine::granted<std::string>> look(connector::deadline end) = 0;
};

// Null: the worker does not log in. Throws std::runtime_error that names a file or setting which
// cannot be used.
std::unique_ptr<gateway_login> make_gateway_login(const boost::asio::any_io_executor& loop,
                                                  const config::settings& settings,
                                                  secrets::redaction_registry& redaction,
                                                  std::string user_agent);

}  // namespace worker::program
