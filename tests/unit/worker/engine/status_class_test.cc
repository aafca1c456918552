// What a status of the gateway says about trying again; the texts are those of brokers 8.5.8
// and 8.6.0.
#include <gtest/gtest.h>

#include "worker/engine/types.h"

namespace worker::engine {
namespace {

TEST(StatusClass, BackPressureIsTriedAgainAndASizeIsNot) {
  EXPECT_EQ(
      classify({status_code::resource_exhausted,
                "Failed to write client request to partition '1', because the request limit is "
                "exhausted."}),
      status_class::transient);
  EXPECT_EQ(classify({status_code::resource_exhausted,
                      "gRPC message exceeds maximum size 4194304: 4299154"}),
            status_class::too_large);
  EXPECT_EQ(
      classify({status_code::invalid_argument, "Request size is above configured maxMessageSize."}),
      status_class::too_large);
  EXPECT_EQ(classify({status_code::unknown,
                      "Command 'COMPLETE' rejected with code 'EXCEEDED_BATCH_RECORD_SIZE': "}),
            status_class::too_large);
  EXPECT_EQ(classify({status_code::unknown, ""}), status_class::transient);
}

// A completion that fails so was offered until its hold time was over, and then the job's next
// activation called the function again.
TEST(StatusClass, WhatTheGatewayCannotReadIsRefusedForGood) {
  EXPECT_EQ(classify({status_code::invalid_argument, "Invalid JSON value: {"}),
            status_class::refused);
  EXPECT_EQ(classify({status_code::internal,
                      "Unexpected error occurred during the request processing: Failed to convert "
                      "JSON to MessagePack"}),
            status_class::refused);
  EXPECT_EQ(classify({status_code::internal, "Unexpected error occurred"}),
            status_class::transient);
}

TEST(StatusClass, WhatAClusterSaysWhileItsBrokersChangeIsTriedAgain) {
  EXPECT_EQ(classify({status_code::aborted, "Connection RemoteClientConnection was closed"}),
            status_class::transient);
  EXPECT_EQ(classify({status_code::deadline_exceeded,
                      "Time out between gateway and broker: Request timed out after PT15S"}),
            status_class::transient);
  EXPECT_EQ(classify({status_code::unavailable, "Connection refused"}), status_class::transient);
  EXPECT_EQ(classify({status_code::not_found, "Expected to complete job with key 'K'"}),
            status_class::gone);
  EXPECT_EQ(classify({status_code::failed_precondition, "but it is in state 'FAILED'"}),
            status_class::not_now);
}

// Said again at every repetition, because it is about what the job is.
TEST(StatusClass, AStateThatCannotPassIsRefusedForGood) {
  const auto said = [](const std::string& reason) {
    return classify({status_code::failed_precondition,
                     "Command 'THROW_ERROR' rejected with code 'INVALID_STATE': " + reason});
  };
  EXPECT_EQ(said("a listener throws no error"), status_class::refused);
  EXPECT_EQ(said("Expected to complete job with key '4', but it was released; please retry"),
            status_class::refused);
  // These pass: a back-off ends, an incident is resolved.
  EXPECT_EQ(said("Expected to throw an error for job with key '4', but it is in state 'FAILED'"),
            status_class::not_now);
  EXPECT_EQ(said("Expected to complete job with key '4', but it is in state 'ERROR_THROWN'"),
            status_class::not_now);
  EXPECT_EQ(said("Expected to update the timeout of job with key '4', but it is not active"),
            status_class::not_now);
  // Not the broker's own words.
  EXPECT_EQ(classify({status_code::failed_precondition, "no"}), status_class::not_now);
}

// Another activation holds the job: at once, and never "later".
TEST(StatusClass, ARefusedLeaseTokenIsTheEndOfThisActivation) {
  const auto said = [](const std::string& reason) {
    return classify({status_code::failed_precondition,
                     "Command 'COMPLETE' rejected with code 'INVALID_STATE': " + reason});
  };
  for (const char* reason :
       {"Expected to complete job with key '4', but the provided lease token does not match",
        "Expected to complete job with key '4', but its lease token must be provided",
        "Lease token of job '4' does not match", "jobLeaseToken must be provided",
        "the leaseToken of job '4' does not match", "a lease is required"}) {
    EXPECT_EQ(said(reason), status_class::fenced) << reason;
  }
  // Not the broker's own words, or another code.
  EXPECT_EQ(classify({status_code::failed_precondition, "the lease token does not match"}),
            status_class::not_now);
  EXPECT_EQ(classify({status_code::unavailable, "'INVALID_STATE': the lease token does not match"}),
            status_class::transient);
}

// A proxy without a backend answers 404, which gRPC calls UNIMPLEMENTED.
TEST(StatusClass, WhatAProxySaysIsTriedAgain) {
  const status absent{status_code::unimplemented, "Received http2 header with status: 404"};
  EXPECT_EQ(classify(absent), status_class::transient);
  EXPECT_FALSE(is_unknown_call(absent));
  EXPECT_EQ(classify({status_code::permission_denied, "Received http2 header with status: 403"}),
            status_class::transient);
  const status unknown{status_code::unimplemented, "Method not found: gateway_protocol.Gateway/X"};
  EXPECT_EQ(classify(unknown), status_class::refused);
  EXPECT_TRUE(is_unknown_call(unknown));
}

// A result of a call that ran waits until the permission is given.
TEST(StatusClass, AMissingPermissionIsNotTheEndOfAResult) {
  EXPECT_EQ(classify({status_code::permission_denied, "not authorized"}), status_class::transient);
  EXPECT_EQ(classify({status_code::unauthenticated, "token expired"}), status_class::transient);
}

}  // namespace
}  // namespace worker::engine
