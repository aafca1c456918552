// Asks a token server for a token, once for each call, over our HTTP client. The client outlives
// it. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "connector/http/client.h"
#include "connector/oauth/access_token.h"
#include "connector/oauth/token_request.h"

namespace connector::oauth {

struct token_client_settings {
  token_request request;
  // The proof of the client, made for each request; an error says what is wrong.
  std::function<boost::system::result<client_proof, std::string>()> prove;
  std::chrono::milliseconds connect_time{5000};
  std::chrono::milliseconds read_time{5000};
};

class token_client {
 public:
  token_client(http::client& client, token_client_settings how);

  // Ends by `end`. Redirects are not followed.
  boost::asio::awaitable<result<access_token>> fetch(deadline end);

  // "https://login.example/token"
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  http::client& client_;
  token_client_settings settings_;
  std::string name_;
};

}  // namespace connector::oauth
