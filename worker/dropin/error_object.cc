#include "worker/dropin/error_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "connector/base/ascii.h"
#include "connector/base/json_writer.h"
#include "connector/base/utf8.h"

namespace worker::dropin {

using connector::error;
using connector::error_code;

namespace {

constexpr std::size_t longest_message = 6000;

constexpr std::string_view input_exception =
    "io.camunda.connector.api.error.ConnectorInputException";
constexpr std::string_view client_exception =
    "software.amazon.awssdk.core.exception.SdkClientException";
constexpr std::string_view lambda_package = "software.amazon.awssdk.services.lambda.model.";
// Of errors that the SDK has no class for, AccessDeniedException among them.
constexpr std::string_view other_exception = "LambdaException";

// The SDK's classes of what Invoke may answer. On the wire some have other capitals
// (EC2AccessDeniedException).
constexpr std::array<std::string_view, 45> classes = {
    "CodeArtifactUserDeletedException",
    "CodeArtifactUserFailedException",
    "CodeArtifactUserPendingException",
    "DurableExecutionAlreadyStartedException",
    "Ec2AccessDeniedException",
    "Ec2ThrottledException",
    "Ec2UnexpectedException",
    "EfsMountConnectivityException",
    "EfsMountFailureException",
    "EfsMountTimeoutException",
    "EfsioException",
    "EniLimitReachedException",
    "EniNotReadyException",
    "InvalidParameterValueException",
    "InvalidRequestContentException",
    "InvalidRuntimeException",
    "InvalidSecurityGroupIdException",
    "InvalidSubnetIdException",
    "InvalidZipFileException",
    "KmsAccessDeniedException",
    "KmsDisabledException",
    "KmsInvalidStateException",
    "KmsNotFoundException",
    "ModeNotSupportedException",
    "NoPublishedVersionException",
    "PreconditionFailedException",
    "RecursiveInvocationException",
    "RequestTooLargeException",
    "ResourceConflictException",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "ResourceNotReadyException",
    "S3FilesMountConnectivityException",
    "S3FilesMountFailureException",
    "S3FilesMountTimeoutException",
    "SerializedRequestEntityTooLargeException",
    "ServiceException",
    "ServiceQuotaExceededException",
    "SnapStartException",
    "SnapStartNotReadyException",
    "SnapStartRegenerationFailureException",
    "SnapStartTimeoutException",
    "SubnetIpAddressLimitReachedException",
    "TooManyRequestsException",
    "UnsupportedMediaTypeException",
};

std::string_view class_of(std::string_view wire_name) {
  const auto* const found =
      std::find_if(classes.begin(), classes.end(), [wire_name](std::string_view name) {
        return connector::ascii::equal_without_case(name, wire_name);
      });
  return found == classes.end() ? other_exception : *found;
}

runtime_error of_answer(const error& e) {
  const auto text = e.aws_message.empty()
                        ? fmt::format("Service returned HTTP status code {}", e.http_status)
                        : e.aws_message;
  return {
      std::string(lambda_package).append(class_of(e.aws_error)),
      fmt::format("{} (Service: Lambda, Status Code: {}, Request ID: {}) (SDK Attempt Count: {})",
                  text, e.http_status, e.request_id.empty() ? "null" : e.request_id,
                  std::max(e.attempts, 1))};
}

bool is_of_input(error_code code) {
  switch (code) {
    case error_code::missing_input:
    case error_code::invalid_input:
    case error_code::invalid_request:
    case error_code::request_too_large:
    case error_code::response_too_large:
    case error_code::response_refused:
    case error_code::secret_error:
    case error_code::expression_error:
    case error_code::forbidden:  // by the operator's lists
      return true;
    default:
      return false;
  }
}

}  // namespace

runtime_error as_runtime_error(const error& e) {
  runtime_error out;
  if (e.http_status > 0) {
    out = of_answer(e);
  } else if (is_of_input(e.code)) {
    out = {std::string(input_exception), e.message};
  } else if (e.code == error_code::unknown_error) {
    out = {"java.lang.RuntimeException", e.message};
  } else {
    out = {std::string(client_exception), "Unable to execute HTTP request: " + e.message};
  }
  out.message = std::string(connector::cut_utf8(out.message, longest_message));
  return out;
}

std::string error_object(const error& e) {
  const auto told = as_runtime_error(e);
  return connector::json::object_writer()
      .string("type", told.type)
      .string("message", told.message)
      .take();
}

}  // namespace worker::dropin
