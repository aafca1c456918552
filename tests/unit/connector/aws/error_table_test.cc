#include "connector/aws/error_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace connector::aws {
namespace {

struct row {
  const char* name;
  int status;  // that the service sends with it
  const char* code;
  const char* failure;
};

// One row for each error that clients of Invoke see.
const std::vector<row> rows = {
    // modelled
    {"TooManyRequestsException", 429, "TOO_MANY_REQUESTS", "throttled"},
    {"EC2ThrottledException", 502, "TOO_MANY_REQUESTS", "throttled"},
    {"ServiceException", 500, "AMBIGUOUS", "ambiguous"},
    {"ServiceQuotaExceededException", 402, "TOO_MANY_REQUESTS", "throttled"},
    {"ENINotReadyException", 502, "SERVICE_ERROR", "not started"},
    {"SnapStartRegenerationFailureException", 409, "CONFLICT", "not started"},
    {"CodeArtifactUserPendingException", 409, "CONFLICT", "not started"},
    {"CodeArtifactUserDeletedException", 409, "CONFLICT", "not started"},
    {"CodeArtifactUserFailedException", 409, "CONFLICT", "permanent"},
    {"RuntimeAliasDeletedException", 409, "CONFLICT", "permanent"},
    {"RuntimeVersionDeletedException", 409, "CONFLICT", "permanent"},
    {"ModeNotSupportedException", 400, "BAD_REQUEST", "permanent"},
    {"ENILimitReachedException", 502, "SERVICE_ERROR", "not started"},
    {"SubnetIPAddressLimitReachedException", 502, "SERVICE_ERROR", "not started"},
    {"EC2UnexpectedException", 502, "SERVICE_ERROR", "not started"},
    {"ResourceNotReadyException", 502, "SERVICE_ERROR", "not started"},
    {"EC2AccessDeniedException", 502, "SERVICE_ERROR", "permanent"},
    {"InvalidSecurityGroupIDException", 502, "SERVICE_ERROR", "permanent"},
    {"InvalidSubnetIDException", 502, "SERVICE_ERROR", "permanent"},
    {"InvalidRuntimeException", 502, "SERVICE_ERROR", "permanent"},
    {"InvalidZipFileException", 502, "SERVICE_ERROR", "permanent"},
    {"KMSAccessDeniedException", 502, "SERVICE_ERROR", "permanent"},
    {"KMSDisabledException", 502, "SERVICE_ERROR", "permanent"},
    {"KMSInvalidStateException", 502, "SERVICE_ERROR", "permanent"},
    {"KMSNotFoundException", 502, "SERVICE_ERROR", "permanent"},
    {"SnapStartTimeoutException", 408, "REQUEST_TIMEOUT", "not started"},
    {"EFSMountConnectivityException", 408, "REQUEST_TIMEOUT", "not started"},
    {"EFSMountTimeoutException", 408, "REQUEST_TIMEOUT", "not started"},
    {"S3FilesMountConnectivityException", 408, "REQUEST_TIMEOUT", "not started"},
    {"S3FilesMountTimeoutException", 408, "REQUEST_TIMEOUT", "not started"},
    {"SnapStartNotReadyException", 409, "CONFLICT", "not started"},
    {"ResourceConflictException", 409, "CONFLICT", "not started"},
    {"DurableExecutionAlreadyStartedException", 409, "CONFLICT", "permanent"},
    {"CallbackTimeoutException", 400, "GONE", "permanent"},
    {"EFSIOException", 410, "AMBIGUOUS", "ambiguous"},
    {"EFSMountFailureException", 403, "SERVICE_ERROR", "permanent"},
    {"S3FilesMountFailureException", 403, "SERVICE_ERROR", "permanent"},
    {"RequestTooLargeException", 413, "REQUEST_TOO_LARGE", "permanent"},
    {"SerializedRequestEntityTooLargeException", 413, "REQUEST_TOO_LARGE", "permanent"},
    {"UnsupportedMediaTypeException", 415, "INVALID_REQUEST", "permanent"},
    {"ResourceNotFoundException", 404, "NOT_FOUND", "permanent"},
    {"InvalidParameterValueException", 400, "BAD_REQUEST", "permanent"},
    {"InvalidRequestContentException", 400, "INVALID_REQUEST", "permanent"},
    {"NoPublishedVersionException", 400, "BAD_REQUEST", "permanent"},
    {"RecursiveInvocationException", 400, "BAD_REQUEST", "permanent"},
    {"SnapStartException", 400, "SERVICE_ERROR", "permanent"},
    // not modelled
    {"AccessDeniedException", 403, "FORBIDDEN", "permanent"},
    {"AccessDenied", 403, "FORBIDDEN", "permanent"},
    {"OptInRequired", 403, "FORBIDDEN", "permanent"},
    {"InvalidSignatureException", 403, "UNAUTHORIZED", "permanent"},
    {"SignatureDoesNotMatch", 403, "UNAUTHORIZED", "permanent"},
    {"UnrecognizedClientException", 403, "UNAUTHORIZED", "permanent"},
    {"InvalidClientTokenId", 403, "UNAUTHORIZED", "permanent"},
    {"InvalidAccessKeyId", 403, "UNAUTHORIZED", "permanent"},
    {"AuthFailure", 403, "UNAUTHORIZED", "permanent"},
    {"MissingAuthenticationTokenException", 403, "UNAUTHORIZED", "permanent"},
    {"MissingAuthenticationToken", 403, "UNAUTHORIZED", "permanent"},
    {"IncompleteSignatureException", 400, "UNAUTHORIZED", "permanent"},
    {"IncompleteSignature", 400, "UNAUTHORIZED", "permanent"},
    {"ExpiredTokenException", 403, "CREDENTIALS_ERROR", "not started"},
    {"ExpiredToken", 400, "CREDENTIALS_ERROR", "not started"},
    {"RequestTimeTooSkewed", 403, "UNAUTHORIZED", "not started"},
    {"RequestExpired", 403, "UNAUTHORIZED", "not started"},
    {"RequestInTheFuture", 403, "UNAUTHORIZED", "not started"},
    {"ThrottlingException", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"Throttling", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"ThrottledException", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"RequestThrottledException", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"RequestThrottled", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"RequestLimitExceeded", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"LimitExceededException", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"BandwidthLimitExceeded", 400, "TOO_MANY_REQUESTS", "throttled"},
    {"SlowDown", 503, "TOO_MANY_REQUESTS", "throttled"},
    {"RequestTimeout", 400, "REQUEST_TIMEOUT", "not started"},
    {"RequestTimeoutException", 400, "REQUEST_TIMEOUT", "not started"},
    {"UnknownOperationException", 404, "NOT_FOUND", "permanent"},
    {"ValidationException", 400, "BAD_REQUEST", "permanent"},
    {"SerializationException", 400, "INVALID_REQUEST", "permanent"},
    {"ServiceUnavailable", 503, "AMBIGUOUS", "ambiguous"},
    {"ServiceUnavailableException", 503, "AMBIGUOUS", "ambiguous"},
    {"InternalFailure", 500, "AMBIGUOUS", "ambiguous"},
    {"InternalServerError", 500, "AMBIGUOUS", "ambiguous"},
    // no name, or an unknown one
    {"", 400, "BAD_REQUEST", "permanent"},
    {"", 401, "UNAUTHORIZED", "permanent"},
    {"", 402, "TOO_MANY_REQUESTS", "throttled"},
    {"", 403, "FORBIDDEN", "permanent"},
    {"", 404, "NOT_FOUND", "permanent"},
    {"", 405, "METHOD_NOT_ALLOWED", "permanent"},
    {"", 406, "NOT_ACCEPTABLE", "permanent"},
    {"", 407, "UNKNOWN_ERROR", "permanent"},
    {"", 408, "REQUEST_TIMEOUT", "permanent"},
    {"", 409, "CONFLICT", "permanent"},
    {"", 410, "GONE", "permanent"},
    {"", 413, "REQUEST_TOO_LARGE", "permanent"},
    {"", 415, "INVALID_REQUEST", "permanent"},
    {"", 422, "UNPROCESSABLE_ENTITY", "permanent"},
    {"", 423, "LOCKED", "permanent"},
    {"", 424, "FAILED_DEPENDENCY", "permanent"},
    {"", 429, "TOO_MANY_REQUESTS", "throttled"},
    {"", 500, "AMBIGUOUS", "ambiguous"},
    {"", 501, "NOT_IMPLEMENTED", "permanent"},
    {"", 502, "AMBIGUOUS", "ambiguous"},
    {"", 503, "AMBIGUOUS", "ambiguous"},
    {"", 504, "AMBIGUOUS", "ambiguous"},
    {"", 599, "AMBIGUOUS", "ambiguous"},
    {"", 307, "UNKNOWN_ERROR", "permanent"},
    {"BrandNewException", 400, "BAD_REQUEST", "permanent"},
    {"BrandNewException", 500, "AMBIGUOUS", "ambiguous"},
};

TEST(ErrorTable, GivesEveryErrorItsCodeAndClass) {
  for (const auto& expected : rows) {
    service_failure failure;
    failure.name = expected.name;
    failure.status = expected.status;
    const auto found = meaning_of(failure);
    EXPECT_EQ(name_of(found.code), expected.code) << expected.name << expected.status;
    EXPECT_EQ(name_of(found.failure), expected.failure) << expected.name << expected.status;
  }
}

TEST(ErrorTable, HasNoRowThatTheseTestsDoNotKnow) {
  std::set<std::string_view> tested;
  for (const auto& expected : rows) tested.insert(expected.name);
  std::set<std::string_view> names;
  for (const auto& entry : error_table()) {
    EXPECT_TRUE(tested.contains(entry.name)) << entry.name;
    EXPECT_TRUE(names.insert(entry.name).second) << "twice: " << entry.name;
    // What to look at after an ambiguous end is said by the operation.
    EXPECT_EQ(entry.advice.empty(), entry.failure == failure_class::ambiguous) << entry.name;
  }
}

TEST(ErrorTable, GoesByNameBeforeStatus) {
  service_failure failure;
  failure.name = "ResourceNotFoundException";
  failure.status = 500;
  EXPECT_EQ(meaning_of(failure).failure, failure_class::permanent);
}

TEST(ErrorTable, TellsAWrongClockFromAWrongKey) {
  service_failure failure;
  failure.name = "InvalidSignatureException";
  failure.status = 403;
  failure.message = "Signature expired: 20260102T030405Z is now earlier than ...";
  EXPECT_EQ(meaning_of(failure).failure, failure_class::not_started);
  EXPECT_EQ(meaning_of(failure).advice, advice_on_time);
  failure.message = "Signature not yet current: ...";
  EXPECT_EQ(meaning_of(failure).failure, failure_class::not_started);
  failure.message = "The request signature we calculated does not match";
  EXPECT_EQ(meaning_of(failure).failure, failure_class::permanent);
}

TEST(ErrorTable, KnowsWhichRefusalsSpeakOfTime) {
  service_failure failure;
  failure.status = 403;
  for (const char* name : {"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"}) {
    failure.name = name;
    EXPECT_TRUE(says_time(failure)) << name;
    EXPECT_TRUE(may_mean_time(failure)) << name;
  }
  for (const char* name : {"InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
                           "AccessDeniedException"}) {
    failure.name = name;
    EXPECT_FALSE(says_time(failure)) << name;
    EXPECT_TRUE(may_mean_time(failure)) << name;
  }
  for (const char* name : {"", "ResourceNotFoundException", "UnrecognizedClientException"}) {
    failure.name = name;
    EXPECT_FALSE(may_mean_time(failure)) << name;
  }
  failure.message = "Signature not yet current: 1 is still later than 2";
  EXPECT_TRUE(says_time(failure));
  failure.status = 500;
  EXPECT_FALSE(may_mean_time(failure));
}

TEST(ErrorTable, KnowsExpiredCredentials) {
  service_failure failure;
  failure.name = "ExpiredTokenException";
  EXPECT_TRUE(says_expired(failure));
  failure.name = "ExpiredToken";
  EXPECT_TRUE(says_expired(failure));
  failure.name = "RequestExpired";
  EXPECT_FALSE(says_expired(failure));
}

// The errors of the service model, a line each: operation, error, status.
TEST(ErrorTable, HasARowForEveryErrorOfTheServiceModel) {
  std::set<std::string> known;
  for (const auto& row : error_table()) known.insert(std::string(row.name));
  std::ifstream list(LC_LAMBDA_ERRORS);
  std::string operation;
  std::string name;
  int status = 0;
  int lines = 0;
  while (list >> operation >> name >> status) {
    ++lines;
    EXPECT_TRUE(known.contains(name)) << operation << " may answer " << name << ' ' << status;
  }
  EXPECT_TRUE(list.eof());
  EXPECT_GT(lines, 50);
}

}  // namespace
}  // namespace connector::aws
