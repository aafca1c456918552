// Reads the answer of STS: keys, or an error. Pure.
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
  std::string source;  // the name that the credentials will have for people
};

struct sts_outcome {
  fetched result;
  bool again = false;     // the same request may have another answer in a moment
  bool old_keys = false;  // the keys that it was signed with have expired, or are unknown by now
};

// Reads an answer, whatever its status.
sts_outcome read_sts_answer(const http::response& answer, const sts_question& question);

// The outcome of an exchange that broke. Asking twice does no harm here.
sts_outcome read_sts_failure(const http::failure& failure, const sts_question& question);

}  // namespace connector::aws
