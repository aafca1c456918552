// Two cheap requests that `check` sends before the first job: to whom the keys belong (STS,
// GetCallerIdentity, which needs no permission), and whether Lambda answers at the endpoint of
// calls (a signed list of one function; FORBIDDEN is proof enough). The client outlives the probe,
// the probe every request. Loop's thread. Source: AWS Security Token Service API Reference,
// GetCallerIdentity.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "connector/aws/credentials/credentials.h"
#include "connector/aws/endpoint.h"
#include "connector/aws/signed_exchange.h"
#include "connector/aws/sigv4.h"
#include "connector/base/clock.h"
#include "connector/base/result.h"
#include "connector/http/client.h"

namespace connector::aws {

struct probe_finding {
  enum class kind {
    accepted,  // the service knows the keys and takes what they signed
    refused,   // it does not, for what lies in the keys, the region or the clock
    reached,   // it answered, and says nothing of the keys
    silent,    // no answer
  };
  kind result = kind::silent;
  std::string text;  // for people: of accepted the caller's ARN, else what was said or went wrong
};

struct probe_settings {
  // Where "sts" and "lambda" of a region are; the operator's own endpoints included.
  std::function<result<endpoint>(std::string_view service, std::string_view region)> endpoint_of;
  std::string user_agent;
  std::function<wall_clock::time_point()> wall_time;  // empty: the system's
};

class probe {
 public:
  probe(probe_settings how, http::client& client);
  probe(const probe&) = delete;
  probe& operator=(const probe&) = delete;

  boost::asio::awaitable<probe_finding> caller(credentials keys, std::string region, deadline end);
  boost::asio::awaitable<probe_finding> lambda(credentials keys, std::string region, deadline end);
  // Without keys there is no signature, and the answer can be nothing but "reached".
  boost::asio::awaitable<probe_finding> lambda_unsigned(std::string region, deadline end);

 private:
  boost::asio::awaitable<probe_finding> ask(std::string_view service, http::request request,
                                            const credentials* keys, std::string region,
                                            deadline end);

  const probe_settings settings_;
  signer signer_;
  signed_exchange exchange_;
};

// Of an answer of "sts" or "lambda"; `host` is for messages. Pure.
probe_finding read_probe_answer(std::string_view service, const http::response& answer,
                                std::string_view host);

}  // namespace connector::aws
