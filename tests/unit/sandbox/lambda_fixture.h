// A running embedded Lambda and one connection to it, for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/sandbox/lambda/lambda.h"
#include "tests/unit/sandbox/lambda_client.h"

namespace sandbox::test {

class LambdaFixture : public ::testing::Test {
 protected:
  std::unique_ptr<client> connect() {
    auto made = std::make_unique<client>(server_.port());
    EXPECT_TRUE(made->connected());
    EXPECT_TRUE(made->secure(server_.ca_pem())) << made->error();
    return made;
  }

  // One call on a connection of its own.
  response ask(const call& wanted) {
    const auto connection = connect();
    EXPECT_TRUE(connection->write(signed_bytes(wanted)));
    auto got = connection->read_response();
    EXPECT_TRUE(got) << wanted.target;
    return got.value_or(response{});
  }

  response invoke(const std::string& function, const std::string& body = {}, headers more = {}) {
    return ask(invoke_of(function, body, std::move(more)));
  }

  lambda server_;
};

}  // namespace sandbox::test
