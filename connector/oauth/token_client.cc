#include "connector/oauth/token_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/oauth/token_answer.h"

namespace connector::oauth {

namespace {

constexpr std::size_t max_answer = 64 * 1024;
constexpr std::size_t max_headers = 32 * 1024;

}  // namespace

token_client::token_client(http::client& client, token_client_settings how)
    : client_(client), settings_(std::move(how)), name_(shown(settings_.request.where)) {}

boost::asio::awaitable<result<access_token>> token_client::fetch(deadline end) {
  const auto proof = settings_.prove();
  if (!proof) {
    co_return token_failure{token_failure::kind::rejected,
                            fmt::format("no token is asked for at {}: {}", name_, proof.error())};
  }
  const auto asked = boot_clock::now();
  http::limits bounds;
  bounds.connect = settings_.connect_time;
  bounds.handshake = settings_.connect_time;
  bounds.first_byte = settings_.read_time;
  bounds.silence = settings_.read_time;
  bounds.end = std::min(end, asked + 2 * settings_.connect_time + 2 * settings_.read_time);
  bounds.header_bytes = max_headers;
  bounds.body_bytes = max_answer;
  auto answer = co_await client_.send(request_of(settings_.request, *proof), bounds);
  if (!answer) co_return read_token_failure(answer.error(), name_);
  auto out = read_token_answer(*answer, name_, asked);
  wipe(answer->body);
  co_return out;
}

}  // namespace connector::oauth
