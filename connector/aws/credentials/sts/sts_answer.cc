#include "connector/aws/credentials/sts/sts_answer.h"

#include <fmt/format.h>

#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/credentials/static_credentials.h"
#include "connector/aws/error_table.h"
#include "connector/aws/xml_reader.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/timestamp.h"
#include "connector/base/utf8.h"

namespace connector::aws {

namespace {

using kind = source_failure::kind;

constexpr std::size_t max_message = 400;

std::string advice_for(const service_failure& failure, std::string_view action) {
  if (says_time(failure)) return std::string(advice_on_time);
  const std::string_view name = failure.name;
  const bool web = action == "AssumeRoleWithWebIdentity";
  if (name == "AccessDenied" || name == "AccessDeniedException") {
    return web ? "Check the trust policy of the role: provider, audience and subject."
               : "Check the trust policy of the role (who may assume it, external id) and the "
                 "caller's permission for sts:AssumeRole.";
  }
  if (name == "InvalidIdentityToken" || name == "IDPRejectedClaim") {
    return "Check the identity provider in IAM and the audience of the token.";
  }
  if (name == "ExpiredTokenException" || name == "ExpiredToken") {
    return web ? "The token file has to be renewed." : "The credentials have to be renewed.";
  }
  if (name == "RegionDisabledException") return "Activate STS for this region in the account.";
  return {};
}

sts_outcome failed(kind reason, std::string message, bool again) {
  sts_outcome out{source_failure{reason, std::move(message)}, again, false};
  return out;
}

sts_outcome read_error(const http::response& answer, const sts_question& question) {
  auto failure = read_service_error(answer);
  const auto meaning = meaning_of(failure);
  const bool provider_away = failure.name == "IDPCommunicationError";
  // Asking for a role changes nothing, so what may have run may be asked again.
  const bool load = meaning.failure == failure_class::throttled || answer.status >= 500;
  const bool passes = meaning.failure != failure_class::permanent || provider_away;
  auto text =
      fmt::format("STS at {} refuses {} of {} ({}{}{})", question.host, question.action,
                  question.role_arn, answer.status, failure.name.empty() ? "" : " ", failure.name);
  if (!failure.message.empty()) {
    text += fmt::format(": {}", cut_utf8(failure.message, max_message));
  }
  if (!text.ends_with('.')) text += '.';
  if (const auto advice = advice_for(failure, question.action); !advice.empty()) {
    text.append(" ").append(advice);
  }
  auto out =
      failed(passes ? kind::unavailable : kind::rejected, std::move(text), load || provider_away);
  out.old_keys = says_old_keys(failure);
  return out;
}

}  // namespace

sts_outcome read_sts_answer(const http::response& answer, const sts_question& question) {
  if (answer.status != 200) return read_error(answer, question);
  const auto unusable = [&question](std::string_view why) {
    return failed(kind::unavailable,
                  fmt::format("The answer of STS at {} to {} of {} cannot be used: {}",
                              question.host, question.action, question.role_arn, why),
                  true);
  };
  auto texts = read_xml(without_mark(answer.body));
  if (!texts) return unusable("it is no XML. Is the endpoint STS?");
  const auto take = [&](std::string_view name) {
    const auto found =
        texts->find(fmt::format("{0}Response/{0}Result/Credentials/{1}", question.action, name));
    return found == texts->end() ? secret_string() : std::move(found->second);
  };
  const auto expires = parse_timestamp(take("Expiration").reveal());
  if (!expires) return unusable("it has no date of expiry.");
  auto made = static_credentials(std::string(take("AccessKeyId").reveal()), take("SecretAccessKey"),
                                 take("SessionToken"), question.source,
                                 {"AccessKeyId", "SecretAccessKey", "SessionToken"});
  if (!made) return unusable(made.error().message);
  made->expires = expires;
  return {std::move(*made), false, false};
}

sts_outcome read_sts_failure(const http::failure& failure, const sts_question& question) {
  const bool given_up = failure.kind == http::failure_kind::cancelled;
  const bool rejected = failure.kind == http::failure_kind::invalid_request;
  return failed(rejected ? kind::rejected : kind::unavailable,
                fmt::format("{} of {}: no answer from STS at {}: {}", question.action,
                            question.role_arn, question.host, failure.message),
                !given_up && !rejected);
}

}  // namespace connector::aws
