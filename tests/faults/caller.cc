#include "tests/faults/caller.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <map>
#include <optional>
#include <utility>

#include "connector/aws/endpoint.h"
#include "connector/base/error.h"
#include "connector/base/json.h"
#include "tests/faults/fault_report.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/given_credentials.h"

namespace faults {

namespace asio = boost::asio;
namespace http = connector::http;

namespace {

asio::awaitable<http::result<http::addresses>> at_once(http::result<http::addresses> found) {
  co_return found;
}

}  // namespace

http::look_up name_server(std::map<std::string, std::vector<std::string>> known) {
  return [known = std::move(known)](const std::string& host) {
    const auto entry = known.find(host);
    if (entry == known.end()) {
      return at_once(http::failure{http::failure_kind::resolve,
                                   http::request_progress::nothing_sent, host + " does not exist"});
    }
    http::addresses all;
    for (const auto& literal : entry->second) all.push_back(asio::ip::make_address(literal));
    return at_once(std::move(all));
  };
}

caller::caller(sandbox::lambda& server, std::string host, http::client_settings client)
    : ca_file_(std::filesystem::temp_directory_path() /
               fmt::format("fault_row.{}.pem", ::getpid())) {
  sandbox::write_file(ca_file_, server.ca_pem());
  client.ca_bundle = ca_file_;
  client_ = http::make_client(loop_.get_executor(), std::move(client));
  const sandbox::access_key key;
  credentials_ = std::make_unique<connector::aws::given_credentials>(key.id, key.secret);
  connector::lambda::settings how;
  how.region = "us-east-1";
  connector::aws::endpoint stand_in;
  stand_in.to = {true, std::move(host), server.port()};
  how.endpoint_of = [stand_in](std::string_view) { return stand_in; };
  service_ = connector::lambda::make_service(std::move(how), *client_, *credentials_);
}

caller::~caller() {
  std::error_code ignored;
  std::filesystem::remove(ca_file_, ignored);
}

connector::outcome caller::invoke(const std::string& function, const std::string& payload,
                                  const std::string& timeout) {
  connector::call asked;
  asked.inputs = {{"functionName", connector::json::quote(function)},
                  {"payload", payload},
                  {"timeout", connector::json::quote(timeout)}};
  std::optional<connector::outcome> out;
  auto running = service_->run(std::move(asked));
  asio::co_spawn(loop_, std::move(running), [&](std::exception_ptr bug, connector::outcome value) {
    EXPECT_FALSE(bug);
    out = std::move(value);
    loop_.stop();
  });
  loop_.restart();
  loop_.run_for(journey::patience);
  EXPECT_TRUE(out) << "the call has no end";
  if (!out) return {};
  report_end(out->failed() ? std::string(name_of(out->failed()->code)) : "answered");
  return *std::move(out);
}

}  // namespace faults
