// Assumes roles: AssumeRole, signed with the keys of the caller, and AssumeRoleWithWebIdentity,
// which is not signed. Repeats a request when STS is unavailable; keeps only the clock difference.
// The HTTP client outlives this, and this every call. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "connector/aws/credentials/sts/sts_answer.h"
#include "connector/aws/credentials/sts/sts_request.h"
#include "connector/aws/signed_exchange.h"
#include "connector/aws/sigv4.h"
#include "connector/base/backoff_limits.h"
#include "connector/http/client.h"

namespace connector::aws {

struct sts_settings {
  // Where STS of a region is; the operator's own endpoint included.
  std::function<result<endpoint>(std::string_view region)> endpoint_of;
  std::string session_name;  // for roles that have none; says in CloudTrail who called
  std::string user_agent;
  int attempts = 3;
  random_source random;  // empty: system_random()
  key_watch watch;       // of what questions are asked with; may be empty
};

class sts {
 public:
  sts(source_dependencies deps, sts_settings how);
  sts(const sts&) = delete;
  sts& operator=(const sts&) = delete;

  // `source` is what the credentials will say about themselves. When STS calls `from` expired, or
  // does not know it, `old_keys` of the outcome is set.
  boost::asio::awaitable<sts_outcome> assume_role(assumed_role role, credentials from,
                                                  std::string region, std::string source,
                                                  deadline end);
  boost::asio::awaitable<sts_outcome> assume_role_with_web_identity(
      assumed_role role, secret_string token, std::string region, std::string source, deadline end);

 private:
  struct question;
  result<question> prepare(assumed_role role, std::string_view action, std::string region,
                           std::string source) const;
  boost::asio::awaitable<sts_outcome> ask(question asked, const credentials* signed_by,
                                          deadline end);

  void watch(const credentials& asked_with);

  source_dependencies deps_;
  sts_settings settings_;
  std::list<std::shared_ptr<const void>> watched_;  // the last ones
  signer signer_;
  signed_exchange exchange_;
};

}  // namespace connector::aws
