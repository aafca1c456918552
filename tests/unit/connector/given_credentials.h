// A provider that gives the same keys to everybody, for tests of what uses them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "connector/aws/credentials/provider.h"

namespace connector::aws {

class given_credentials final : public credentials_provider {
 public:
  given_credentials(std::string id, std::string secret, std::string token = {}) {
    keys_.access_key_id = std::move(id);
    keys_.secret_access_key = secret_string(std::move(secret));
    keys_.session_token = secret_string(std::move(token));
    keys_.source = "test";
  }

  boost::asio::awaitable<result<credentials>> get(identity /*who*/, deadline /*end*/) override {
    co_return keys_;
  }
  void expired(const identity& /*who*/, const std::string& /*access_key_id*/) override {}
  [[nodiscard]] std::string describe() const override { return keys_.source; }

 private:
  credentials keys_;
};

}  // namespace connector::aws
