// What a broken exchange means, and the sentences that people read about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "connector/lambda/attempt_failure.h"

namespace connector::lambda {
namespace {

using http::failure_kind;
using http::request_progress;
using testing::HasSubstr;

constexpr auto waiting = side_effect::possible;

class FailedExchange : public testing::Test {
 protected:
  const call_description orders{"orders:PROD", "eu-central-1", 2};
};

struct broken {
  failure_kind kind;
  request_progress progress;
  const char* code;
  const char* failure;
};

TEST_F(FailedExchange, GoesByWhetherTheWholeRequestWasSent) {
  const broken table[] = {
      {failure_kind::resolve, request_progress::nothing_sent, "CONNECTION_ERROR", "not started"},
      {failure_kind::connect, request_progress::nothing_sent, "CONNECTION_ERROR", "not started"},
      {failure_kind::tls, request_progress::nothing_sent, "CONNECTION_ERROR", "not started"},
      {failure_kind::proxy, request_progress::nothing_sent, "CONNECTION_ERROR", "not started"},
      {failure_kind::write, request_progress::nothing_sent, "CONNECTION_ERROR", "not started"},
      {failure_kind::timeout, request_progress::nothing_sent, "TIMEOUT", "not started"},
      {failure_kind::cancelled, request_progress::nothing_sent, "CANCELLED", "not started"},
      {failure_kind::read, request_progress::sent, "AMBIGUOUS", "ambiguous"},
      {failure_kind::write, request_progress::sent, "AMBIGUOUS", "ambiguous"},
      {failure_kind::timeout, request_progress::sent, "AMBIGUOUS", "ambiguous"},
      {failure_kind::malformed, request_progress::sent, "AMBIGUOUS", "ambiguous"},
      {failure_kind::cancelled, request_progress::sent, "AMBIGUOUS", "ambiguous"},
      {failure_kind::too_large, request_progress::sent, "RESPONSE_TOO_LARGE", "permanent"},
      {failure_kind::header_limit, request_progress::sent, "RESPONSE_TOO_LARGE", "permanent"},
      {failure_kind::invalid_request, request_progress::nothing_sent, "INVALID_REQUEST",
       "permanent"},
      {failure_kind::address_refused, request_progress::nothing_sent, "CONNECTION_ERROR",
       "not started"},
  };
  for (const auto& row : table) {
    const auto e = failed_exchange({row.kind, row.progress, "why"}, orders, waiting, 100);
    EXPECT_EQ(name_of(e.code), row.code) << static_cast<int>(row.kind);
    EXPECT_EQ(name_of(e.failure), row.failure) << static_cast<int>(row.kind);
    EXPECT_EQ(e.attempts, 2);
  }
}

TEST_F(FailedExchange, SaysWhatHappened) {
  EXPECT_EQ(
      failed_exchange({failure_kind::connect, request_progress::nothing_sent,
                       "no connection to lambda.eu-central-1.amazonaws.com"},
                      orders, waiting, 100)
          .message,
      "Calling function \"orders:PROD\" in eu-central-1 did not start it: no connection to "
      "lambda.eu-central-1.amazonaws.com. Check that the worker's network lets it there, directly "
      "or by HTTPS_PROXY. Attempts: 2.");
  auto of_url = orders;
  of_url.is_url = true;
  const http::failure nameless{failure_kind::resolve, request_progress::nothing_sent, "no name"};
  EXPECT_THAT(failed_exchange(nameless, orders, waiting, 100).message,
              HasSubstr("no name. Check the region, the endpoint (AWS_ENDPOINT_URL_LAMBDA)"));
  EXPECT_THAT(failed_exchange(nameless, of_url, waiting, 100).message,
              HasSubstr("no name. Check the host's name"));
  EXPECT_EQ(
      failed_exchange({failure_kind::read, request_progress::sent, "the connection was closed"},
                      orders, waiting, 100)
          .message,
      "Calling function \"orders:PROD\" in eu-central-1 failed and may have run it: the connection "
      "was closed. Look at the function's log. Attempts: 2.");
  EXPECT_EQ(
      failed_exchange({failure_kind::too_large, request_progress::sent, "100 bytes are the limit"},
                      orders, waiting, 100)
          .message,
      "Calling function \"orders:PROD\" in eu-central-1 ran it, but its answer is over the "
      "limit of 100 bytes (100 bytes are the limit). Attempts: 2.");
}

TEST_F(FailedExchange, SaysWhyTheOutcomeIsUnknown) {
  const http::failure over{
      failure_kind::timeout, request_progress::sent,
      "the time for the whole call was over while waiting for the answer of x"};
  auto call = orders;
  call.bound = "the header jobTimeout";
  call.bound_length = std::chrono::seconds(90);
  EXPECT_EQ(failed_exchange(over, call, waiting, 100).message,
            "Calling function \"orders:PROD\" in eu-central-1 failed and may have run it: the time "
            "for the whole call was over while waiting for the answer of x; the header jobTimeout "
            "is 90 s. Look at the function's log. Attempts: 2.");
  const http::failure stopped{failure_kind::cancelled, request_progress::sent,
                              "given up while waiting for the answer of x"};
  EXPECT_EQ(
      failed_exchange(stopped, orders, waiting, 100).message,
      "Calling function \"orders:PROD\" in eu-central-1 failed and may have run it: the worker "
      "was stopped; given up while waiting for the answer of x. Look at the function's log. "
      "Attempts: 2.");
}

TEST_F(FailedExchange, TellsHeadersWithoutEndFromABodyOverTheLimit) {
  EXPECT_EQ(
      failed_exchange({failure_kind::header_limit, request_progress::sent,
                       "the headers are larger than the limit of 65536 bytes"},
                      orders, waiting, 100)
          .message,
      "Calling function \"orders:PROD\" in eu-central-1 ran it, but its answer has headers or "
      "trailers over their limit (the headers are larger than the limit of 65536 bytes). "
      "Attempts: 2.");
}

// The task would be tried again and again, each time in the hope that the name leads elsewhere.
TEST_F(FailedExchange, AddressesThatTheHostOfATaskMayNotHaveAreRefusedForGood) {
  const http::failure refused{failure_kind::address_refused, request_progress::nothing_sent,
                              "x.example is not connected to: 10.0.0.1 is a private address"};
  auto of_task = orders;
  of_task.host_of_task = true;
  const auto e = failed_exchange(refused, of_task, waiting, 100);
  EXPECT_EQ(e.code, error_code::forbidden);
  EXPECT_EQ(e.failure, failure_class::permanent);
  EXPECT_EQ(e.message,
            "Calling function \"orders:PROD\" in eu-central-1 was refused: x.example is not "
            "connected to: 10.0.0.1 is a private address. Attempts: 2.");
  // Of a host of the worker's own the name service is wrong, and may come right.
  const auto own = failed_exchange(refused, orders, waiting, 100);
  EXPECT_EQ(own.code, error_code::connection_error);
  EXPECT_EQ(own.failure, failure_class::not_started);
}

TEST_F(FailedExchange, OfADryRunIsNeverAmbiguous) {
  const auto e = failed_exchange({failure_kind::read, request_progress::sent, "closed"}, orders,
                                 side_effect::none, 100);
  EXPECT_EQ(e.failure, failure_class::not_started);
  EXPECT_EQ(e.code, error_code::connection_error);
}

}  // namespace
}  // namespace connector::lambda
