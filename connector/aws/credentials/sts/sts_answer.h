// What STS answered: keys, or why there are none. Pure.
// Source: AWS Security Token Service API Reference, AssumeRole and AssumeRoleWithWebIdentity.
#pragma once

#include <string>
#include <string_view>

#include "connector/aws/credentials/source.h"
#include "connector/http/message.h"

namespace connector::aws {

// For messages: which of the two actions, for which role, at which host.
struct sts_question {
  std::string_view action;  // "AssumeRole", "AssumeRoleWithWebIdentity"
  std::string role_arn;
  std::string host;
  std::string source;  // what the credentials will say about themselves
};

struct sts_outcome {
  fetched result;
  bool again = false;     // the same request may have another answer in a moment
  bool old_keys = false;  // the keys that it was signed with have expired
};

// Of an answer, whatever its status.
sts_outcome read_sts_answer(const http::response& answer, const sts_question& question);

// Of an exchange that broke. Asking twice does no harm here.
sts_outcome read_sts_failure(const http::failure& failure, const sts_question& question);

}  // namespace connector::aws
