// The login of one call: puts its authorization into the context, and decides whether the call is
// made once more after UNAUTHENTICATED. One object a call; loop's thread.
#pragma once

#include <grpcpp/client_context.h>

#include <optional>

#include "worker/engine/login.h"

namespace worker::engine {

class call_login {
 public:
  // Null: calls carry no authorization. It outlives this.
  explicit call_login(login* by) : by_(by) {}

  // A status: the call is not made and ends with it.
  boost::asio::awaitable<std::optional<status>> authorize(grpc::ClientContext& context,
                                                          connector::deadline end);

  // Whether a call that ended so is made once more.
  bool again(const status& ended);

  // Says for people which settings an answer of the gateway is about; others stay as they are.
  static status explained(status ended, bool with_login);

 private:
  login* by_;
  connector::secret_string value_;
  std::optional<status> refusal_;  // of value_
};

}  // namespace worker::engine
