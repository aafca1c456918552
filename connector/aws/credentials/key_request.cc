#include "connector/aws/credentials/key_request.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "connector/aws/credentials/retry_pauses.h"
#include "connector/base/backoff.h"
#include "connector/base/secret.h"

namespace connector::aws {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr backoff_limits pauses_for_keys{100ms, 2000ms};
constexpr std::size_t max_key_answer = 64 * 1024;

}  // namespace

void date_by_our_clock(fetched& keys, std::chrono::seconds ahead) {
  if (keys && keys->expires) *keys->expires -= ahead;
}

asio::awaitable<void> ask_for_keys(signed_exchange& exchange, key_request asked,
                                   answer_reader read) {
  const auto pause = [&asked](int failed) {
    return full_jitter(pauses_for_keys, failed - 1, asked.random);
  };
  retry_pauses between({asked.attempts, pause, asked.end}, asked.now);
  auto then = retry_pauses::next::attempt;
  while (then == retry_pauses::next::attempt) {
    http::limits bounds;
    bounds.first_byte = 5000ms;
    bounds.body_bytes = max_key_answer;
    bounds.end = std::min(asked.end, asked.now() + 10s);
    signed_exchange::reply heard = co_await exchange.send(asked.request, asked.sign, bounds);
    const bool again = read(heard);
    if (heard.answer) wipe(heard.answer->body);
    if (!again) co_return;
    then = co_await between.wait();
  }
}

}  // namespace connector::aws
