// What request_bytes makes is the message that protobuf would have made.
#include "worker/engine/request_bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/gateway.pb.h"

namespace worker::engine {
namespace {

namespace pb = gateway_protocol;

std::string joined(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> pieces;
  EXPECT_TRUE(bytes.Dump(&pieces).ok());
  std::string out;
  for (const auto& piece : pieces) {
    out.append(reinterpret_cast<const char*>(piece.begin()), piece.size());
  }
  return out;
}

pb::FailJobRequest failure() {
  pb::FailJobRequest rest;
  rest.set_jobkey(4503599627370497);
  rest.set_retries(2);
  rest.set_errormessage("the function failed");
  return rest;
}

TEST(RequestBytes, AreTheMessageWithVariablesOfAnyLength) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 16'383U, 16'384U, 3'000'000U}) {
    auto wanted = failure();
    wanted.set_variables(std::string(size, 'v'));
    pb::FailJobRequest read;
    ASSERT_TRUE(read.ParseFromString(joined(request_bytes(
        failure(), pb::FailJobRequest::kVariablesFieldNumber, shared(std::string(size, 'v'))))))
        << size;
    EXPECT_EQ(read.SerializeAsString(), wanted.SerializeAsString()) << size;
  }
}

TEST(RequestBytes, ALongTextIsNotCopied) {
  const auto text = shared(std::string(3'000'000, 'v'));
  const auto bytes = request_bytes(failure(), pb::FailJobRequest::kVariablesFieldNumber, text);
  std::vector<grpc::Slice> pieces;
  ASSERT_TRUE(bytes.Dump(&pieces).ok());
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(reinterpret_cast<const char*>(pieces[1].begin()), text->data());
}

TEST(RequestBytes, ACopyOfTheBytesKeepsTheText) {
  grpc::ByteBuffer copy;
  {
    const auto bytes = request_bytes(failure(), pb::FailJobRequest::kVariablesFieldNumber,
                                     shared(std::string(20'000, 'v')));
    copy = bytes;
  }
  pb::FailJobRequest read;
  ASSERT_TRUE(read.ParseFromString(joined(copy)));
  EXPECT_EQ(read.variables(), std::string(20'000, 'v'));
}

}  // namespace
}  // namespace worker::engine
