// What a worker in service is run beside: a gateway with TLS, client certificates and a login, the
// token server of that login, STS and Lambda. Each part can change while the worker runs, as a site
// changes over the years. Any thread; start-up failures throw.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include "tests/sandbox/aws/sts.h"
#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"
#include "tests/sandbox/oauth/token_server.h"

namespace sandbox::site {

struct options {
  std::uint16_t engine_port = 26500;  // each 0: any free one
  std::uint16_t token_port = 18080;
  std::uint16_t lambda_port = 8443;
  // Holds gateway.pem, gateway.key and clients-ca.pem, read at each start of the gateway. The root
  // of Lambda's certificate is written there (lambda-ca.pem).
  std::filesystem::path folder = ".";
  std::string audience;  // of tokens; empty: any
};

class site {
 public:
  explicit site(const options& o);

  engine::engine& gateway() { return gateway_; }
  token_server& tokens() { return tokens_; }
  lambda& functions() { return functions_; }
  sts& roles() { return roles_; }
  // The access key that the last call of the function `echo` was signed with.
  [[nodiscard]] std::string last_key() const;

 private:
  mutable std::mutex guard_;  // of what follows
  std::string last_key_;
  token_server tokens_;
  lambda functions_;
  sts roles_;
  engine::engine gateway_;  // last: it asks the token server
};

}  // namespace sandbox::site
