// The AWS side of the worker alone, against the embedded Lambda: for rows that need what the
// worker's settings do not give, such as a name server of their own. One loop, the test's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "connector/aws/credentials/provider.h"
#include "connector/connector.h"
#include "connector/http/pooled_client.h"
#include "connector/lambda/service.h"
#include "tests/sandbox/lambda/lambda.h"

namespace faults {

// Names and the addresses that they lead to; unknown ones do not exist.
connector::http::look_up name_server(std::map<std::string, std::vector<std::string>> known);

class caller {
 public:
  // `endpoint`: host and port to call instead of the server's own, such as "lambda.sandbox.test";
  // without a port it is the server's port.
  caller(sandbox::lambda& server, std::string host, connector::http::client_settings client);
  ~caller();
  caller(const caller&) = delete;
  caller& operator=(const caller&) = delete;

  // One call with its whole outcome, which is added to the row's ends.
  connector::outcome invoke(const std::string& function, const std::string& payload = "{}",
                            const std::string& timeout = "PT8S");
  connector::http::client& http() { return *client_; }

 private:
  boost::asio::io_context loop_;
  std::filesystem::path ca_file_;
  std::unique_ptr<connector::http::client> client_;
  std::unique_ptr<connector::aws::credentials_provider> credentials_;
  std::unique_ptr<connector::service> service_;
};

}  // namespace faults
