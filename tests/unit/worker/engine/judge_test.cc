// What a status of the gateway says about trying again; the texts are those of brokers 8.5.8
// and 8.6.0.
#include <gtest/gtest.h>

#include "worker/engine/types.h"

namespace worker::engine {
namespace {

TEST(Judge, BackPressureIsTriedAgainAndASizeIsNot) {
  EXPECT_EQ(judge({status_code::resource_exhausted,
                   "Failed to write client request to partition '1', because the request limit is "
                   "exhausted."}),
            verdict::transient);
  EXPECT_EQ(judge({status_code::resource_exhausted,
                   "gRPC message exceeds maximum size 4194304: 4299154"}),
            verdict::too_large);
  EXPECT_EQ(
      judge({status_code::invalid_argument, "Request size is above configured maxMessageSize."}),
      verdict::too_large);
  EXPECT_EQ(judge({status_code::unknown,
                   "Command 'COMPLETE' rejected with code 'EXCEEDED_BATCH_RECORD_SIZE': "}),
            verdict::too_large);
  EXPECT_EQ(judge({status_code::unknown, ""}), verdict::transient);
}

// A completion that fails so was offered until its hold time was over, and then the job's next
// activation called the function again.
TEST(Judge, WhatTheGatewayCannotReadIsRefusedForGood) {
  EXPECT_EQ(judge({status_code::invalid_argument, "Invalid JSON value: {"}), verdict::refused);
  EXPECT_EQ(judge({status_code::internal,
                   "Unexpected error occurred during the request processing: Failed to convert "
                   "JSON to MessagePack"}),
            verdict::refused);
  EXPECT_EQ(judge({status_code::internal, "Unexpected error occurred"}), verdict::transient);
}

TEST(Judge, WhatAClusterSaysWhileItsBrokersChangeIsTriedAgain) {
  EXPECT_EQ(judge({status_code::aborted, "Connection RemoteClientConnection was closed"}),
            verdict::transient);
  EXPECT_EQ(judge({status_code::deadline_exceeded,
                   "Time out between gateway and broker: Request timed out after PT15S"}),
            verdict::transient);
  EXPECT_EQ(judge({status_code::unavailable, "Connection refused"}), verdict::transient);
  EXPECT_EQ(judge({status_code::not_found, "Expected to complete job with key 'K'"}),
            verdict::gone);
  EXPECT_EQ(judge({status_code::failed_precondition, "but it is in state 'FAILED'"}),
            verdict::not_now);
}

// Said again at every repetition, because it is about what the job is.
TEST(Judge, AStateThatCannotPassIsRefusedForGood) {
  const auto said = [](const std::string& reason) {
    return judge({status_code::failed_precondition,
                  "Command 'THROW_ERROR' rejected with code 'INVALID_STATE': " + reason});
  };
  EXPECT_EQ(said("a listener throws no error"), verdict::refused);
  EXPECT_EQ(said("Expected to complete job with key '4', but it requires a lease"),
            verdict::refused);
  // These pass: a back-off ends, an incident is resolved.
  EXPECT_EQ(said("Expected to throw an error for job with key '4', but it is in state 'FAILED'"),
            verdict::not_now);
  EXPECT_EQ(said("Expected to complete job with key '4', but it is in state 'ERROR_THROWN'"),
            verdict::not_now);
  EXPECT_EQ(said("Expected to update the timeout of job with key '4', but it is not active"),
            verdict::not_now);
  // Not the broker's own words.
  EXPECT_EQ(judge({status_code::failed_precondition, "no"}), verdict::not_now);
}

// A proxy without a backend answers 404, which gRPC calls UNIMPLEMENTED.
TEST(Judge, WhatAProxySaysIsTriedAgain) {
  const status absent{status_code::unimplemented, "Received http2 header with status: 404"};
  EXPECT_EQ(judge(absent), verdict::transient);
  EXPECT_FALSE(is_unknown_call(absent));
  EXPECT_EQ(judge({status_code::permission_denied, "Received http2 header with status: 403"}),
            verdict::transient);
  const status unknown{status_code::unimplemented, "Method not found: gateway_protocol.Gateway/X"};
  EXPECT_EQ(judge(unknown), verdict::refused);
  EXPECT_TRUE(is_unknown_call(unknown));
}

// A result of a call that ran waits until the permission is given.
TEST(Judge, AMissingPermissionIsNotTheEndOfAResult) {
  EXPECT_EQ(judge({status_code::permission_denied, "not authorized"}), verdict::transient);
  EXPECT_EQ(judge({status_code::unauthenticated, "token expired"}), verdict::transient);
}

}  // namespace
}  // namespace worker::engine
