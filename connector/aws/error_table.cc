#include "connector/aws/error_table.h"

#include <array>

namespace connector::aws {

namespace {

using enum error_code;
constexpr auto not_started = failure_class::not_started;
constexpr auto throttled = failure_class::throttled;
constexpr auto permanent = failure_class::permanent;
constexpr auto may_have_run = failure_class::ambiguous;

constexpr std::string_view see_name = "Check the function's name, qualifier, region and account.";
constexpr std::string_view see_role =
    "The function cannot start as it is configured: its owner must repair it.";
constexpr std::string_view see_keys = "Check the access key, its secret and its session token.";
constexpr std::string_view see_region =
    "Check the region of the task, or AWS_REGION: the endpoint is in another one.";
constexpr std::string_view see_clock = advice_on_time;
constexpr std::string_view see_load =
    "The function or the account has reached a limit of load: raise the function's concurrency, or "
    "let fewer tasks call it at a time; the header retryBackoff spreads the retries.";
constexpr std::string_view see_start = "The function could not start just now; it may later.";
constexpr std::string_view see_artifact =
    "Lambda is providing what the function's code needs; it may start later.";
constexpr std::string_view see_update = "The function's owner must update it.";
constexpr std::string_view see_quota = "The account has reached a quota of the service.";
constexpr std::string_view see_network = "The request did not arrive whole in time.";
constexpr std::string_view see_expired = "The credentials have expired and need to be renewed.";
// The place to look at differs by operation, so the caller adds it to the message.
constexpr std::string_view see_ambiguous;
constexpr std::string_view see_payload = "Check the payload: it must be JSON that fits the limits.";

constexpr std::array table = {
    // Modelled errors of Invoke.
    error_meaning{"TooManyRequestsException", too_many_requests, throttled, see_load},
    error_meaning{"EC2ThrottledException", too_many_requests, throttled, see_load},
    error_meaning{"ServiceQuotaExceededException", too_many_requests, throttled, see_quota},
    error_meaning{"ServiceException", ambiguous, may_have_run, see_ambiguous},
    error_meaning{"ENILimitReachedException", service_error, not_started, see_start},
    error_meaning{"ENINotReadyException", service_error, not_started, see_start},
    error_meaning{"SubnetIPAddressLimitReachedException", service_error, not_started, see_start},
    error_meaning{"EC2UnexpectedException", service_error, not_started, see_start},
    error_meaning{"ResourceNotReadyException", service_error, not_started, see_start},
    error_meaning{"EC2AccessDeniedException", service_error, permanent, see_role},
    error_meaning{"InvalidSecurityGroupIDException", service_error, permanent, see_role},
    error_meaning{"InvalidSubnetIDException", service_error, permanent, see_role},
    error_meaning{"InvalidRuntimeException", service_error, permanent, see_role},
    error_meaning{"InvalidZipFileException", service_error, permanent, see_role},
    error_meaning{"KMSAccessDeniedException", service_error, permanent, see_role},
    error_meaning{"KMSDisabledException", service_error, permanent, see_role},
    error_meaning{"KMSInvalidStateException", service_error, permanent, see_role},
    error_meaning{"KMSNotFoundException", service_error, permanent, see_role},
    error_meaning{"SnapStartTimeoutException", request_timeout, not_started, see_start},
    error_meaning{"EFSMountConnectivityException", request_timeout, not_started, see_start},
    error_meaning{"EFSMountTimeoutException", request_timeout, not_started, see_start},
    error_meaning{"S3FilesMountConnectivityException", request_timeout, not_started, see_start},
    error_meaning{"S3FilesMountTimeoutException", request_timeout, not_started, see_start},
    error_meaning{"SnapStartNotReadyException", conflict, not_started, see_start},
    error_meaning{"SnapStartRegenerationFailureException", conflict, not_started, see_start},
    error_meaning{"CodeArtifactUserPendingException", conflict, not_started, see_artifact},
    error_meaning{"CodeArtifactUserDeletedException", conflict, not_started, see_artifact},
    error_meaning{"CodeArtifactUserFailedException", conflict, permanent, see_update},
    error_meaning{"RuntimeAliasDeletedException", conflict, permanent, see_update},
    error_meaning{"RuntimeVersionDeletedException", conflict, permanent, see_update},
    error_meaning{"ResourceConflictException", conflict, not_started,
                  "The function is being created or changed just now."},
    error_meaning{"DurableExecutionAlreadyStartedException", conflict, permanent,
                  "This durable execution name was used before with another payload: give it the "
                  "payload it had, or another name."},
    error_meaning{"CallbackTimeoutException", gone, permanent,
                  "The callback has been answered, or its time is over."},
    // Reading and writing the file system happens while the function runs as well.
    error_meaning{"EFSIOException", ambiguous, may_have_run, see_ambiguous},
    error_meaning{"EFSMountFailureException", service_error, permanent, see_role},
    error_meaning{"S3FilesMountFailureException", service_error, permanent, see_role},
    error_meaning{"RequestTooLargeException", request_too_large, permanent, see_payload},
    error_meaning{"SerializedRequestEntityTooLargeException", request_too_large, permanent,
                  see_payload},
    error_meaning{"UnsupportedMediaTypeException", invalid_request, permanent, see_payload},
    error_meaning{"ResourceNotFoundException", not_found, permanent, see_name},
    error_meaning{"InvalidParameterValueException", bad_request, permanent,
                  "One of the inputs is not what Lambda takes."},
    error_meaning{"InvalidRequestContentException", invalid_request, permanent, see_payload},
    error_meaning{"ModeNotSupportedException", bad_request, permanent,
                  "The function takes only the other invocation type (RequestResponse or Event)."},
    error_meaning{"NoPublishedVersionException", bad_request, permanent,
                  "Publish a version of the function first."},
    error_meaning{"RecursiveInvocationException", bad_request, permanent,
                  "Lambda stopped a loop in which the function calls itself."},
    error_meaning{"SnapStartException", service_error, permanent, see_role},

    // Not modelled: IAM and signatures. Nothing ran.
    error_meaning{"AccessDeniedException", forbidden, permanent,
                  "Allow {permission} to the caller."},
    error_meaning{"AccessDenied", forbidden, permanent, "Allow {permission} to the caller."},
    error_meaning{"OptInRequired", forbidden, permanent,
                  "The account has no access to this service or region."},
    error_meaning{"InvalidSignatureException", unauthorized, permanent, see_keys},
    error_meaning{"SignatureDoesNotMatch", unauthorized, permanent, see_keys},
    error_meaning{"UnrecognizedClientException", unauthorized, permanent, see_keys},
    error_meaning{"InvalidClientTokenId", unauthorized, permanent, see_keys},
    error_meaning{"InvalidAccessKeyId", unauthorized, permanent, see_keys},
    error_meaning{"AuthFailure", unauthorized, permanent, see_keys},
    error_meaning{"MissingAuthenticationTokenException", unauthorized, permanent, see_keys},
    error_meaning{"MissingAuthenticationToken", unauthorized, permanent, see_keys},
    error_meaning{"IncompleteSignatureException", unauthorized, permanent, see_keys},
    error_meaning{"IncompleteSignature", unauthorized, permanent, see_keys},
    error_meaning{"ExpiredTokenException", credentials_error, not_started, see_expired},
    error_meaning{"ExpiredToken", credentials_error, not_started, see_expired},
    error_meaning{"RequestTimeTooSkewed", unauthorized, not_started, see_clock},
    error_meaning{"RequestExpired", unauthorized, not_started, see_clock},
    error_meaning{"RequestInTheFuture", unauthorized, not_started, see_clock},

    // Not modelled: load. Nothing ran.
    error_meaning{"ThrottlingException", too_many_requests, throttled, see_load},
    error_meaning{"Throttling", too_many_requests, throttled, see_load},
    error_meaning{"ThrottledException", too_many_requests, throttled, see_load},
    error_meaning{"RequestThrottledException", too_many_requests, throttled, see_load},
    error_meaning{"RequestThrottled", too_many_requests, throttled, see_load},
    error_meaning{"RequestLimitExceeded", too_many_requests, throttled, see_load},
    error_meaning{"LimitExceededException", too_many_requests, throttled, see_load},
    error_meaning{"BandwidthLimitExceeded", too_many_requests, throttled, see_load},
    error_meaning{"SlowDown", too_many_requests, throttled, see_load},

    // Not modelled: the front end.
    error_meaning{"RequestTimeout", request_timeout, not_started, see_network},
    error_meaning{"RequestTimeoutException", request_timeout, not_started, see_network},
    error_meaning{"UnknownOperationException", not_found, permanent,
                  "The endpoint does not offer this operation: is it Lambda?"},
    error_meaning{"ValidationException", bad_request, permanent,
                  "One of the inputs is not what Lambda takes."},
    error_meaning{"SerializationException", invalid_request, permanent, see_payload},
    error_meaning{"ServiceUnavailable", ambiguous, may_have_run, see_ambiguous},
    error_meaning{"ServiceUnavailableException", ambiguous, may_have_run, see_ambiguous},
    error_meaning{"InternalFailure", ambiguous, may_have_run, see_ambiguous},
    error_meaning{"InternalServerError", ambiguous, may_have_run, see_ambiguous},
};

// "Credential should be scoped to a valid region, not 'us-east-1'."
bool says_region(const service_failure& failure) {
  return failure.message.find("scoped to a valid") != std::string::npos;
}

error_meaning by_status(int status) {
  if (status == 429) return {"", too_many_requests, throttled, see_load};
  if (status == 402) return {"", too_many_requests, throttled, see_quota};
  if (status == 501) {
    return {"", not_implemented, permanent, "The endpoint does not offer this: is it Lambda?"};
  }
  if (status >= 500) return {"", ambiguous, may_have_run, see_ambiguous};
  if (status >= 300 && status < 400) {
    return {"", unknown_error, permanent,
            "Redirects are not followed: check the region and the endpoint."};
  }
  std::string_view advice;
  if (status == 401 || status == 403) advice = "Check the permissions of the caller.";
  if (status == 404) advice = see_name;
  if (status == 413) return {"", request_too_large, permanent, see_payload};
  return {"", code_of_status(status), permanent, advice};
}

}  // namespace

std::span<const error_meaning> error_table() { return table; }

error_meaning meaning_of(const service_failure& failure) {
  for (const auto& row : table) {
    if (row.name != failure.name) continue;
    // The same name means a wrong key or a wrong clock; only the clock may pass.
    if ((row.code == unauthorized || row.code == forbidden) && says_time(failure)) {
      return {row.name, unauthorized, not_started, see_clock};
    }
    if (row.code == unauthorized && says_region(failure)) {
      return {row.name, row.code, row.failure, see_region};
    }
    return row;
  }
  return by_status(failure.status);
}

error_code code_of_status(int status) {
  switch (status) {
    case 400:
      return bad_request;
    case 401:
      return unauthorized;
    case 402:
      return too_many_requests;
    case 403:
      return forbidden;
    case 404:
      return not_found;
    case 405:
      return method_not_allowed;
    case 406:
      return not_acceptable;
    case 408:
      return request_timeout;
    case 409:
      return conflict;
    case 410:
      return gone;
    case 413:
      return request_too_large;
    case 415:
      return invalid_request;
    case 422:
      return unprocessable_entity;
    case 423:
      return locked;
    case 424:
      return failed_dependency;
    case 429:
      return too_many_requests;
    case 500:
      return internal_server_error;
    case 501:
      return not_implemented;
    case 502:
      return bad_gateway;
    case 503:
      return service_unavailable;
    case 504:
      return gateway_timeout;
    default:
      return unknown_error;
  }
}

bool says_expired(const service_failure& failure) {
  return failure.name == "ExpiredTokenException" || failure.name == "ExpiredToken";
}

bool says_old_keys(const service_failure& failure) {
  return says_expired(failure) || failure.name == "UnrecognizedClientException" ||
         failure.name == "InvalidClientTokenId";
}

bool says_time(const service_failure& failure) {
  if (failure.status >= 500) return false;
  constexpr std::array<std::string_view, 4> names = {"RequestTimeTooSkewed", "RequestExpired",
                                                     "RequestInTheFuture", "SignatureExpired"};
  return std::find(names.begin(), names.end(), failure.name) != names.end() ||
         failure.message.find("Signature expired") != std::string::npos ||
         failure.message.find("Signature not yet current") != std::string::npos;
}

bool may_mean_time(const service_failure& failure) {
  constexpr std::array<std::string_view, 6> names = {"InvalidSignatureException",
                                                     "SignatureDoesNotMatch",
                                                     "InvalidSignature",
                                                     "AuthFailure",
                                                     "AccessDenied",
                                                     "AccessDeniedException"};
  return says_time(failure) || (failure.status < 500 &&
                                std::find(names.begin(), names.end(), failure.name) != names.end());
}

}  // namespace connector::aws
