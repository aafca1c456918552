#include "connector/aws/credentials/retry_pauses.h"

#include "connector/base/wait.h"

namespace connector::aws {

boost::asio::awaitable<retry_pauses::next> retry_pauses::wait() {
  ++failed_;
  if (failed_ >= bounds_.attempts) co_return next::none;
  const auto pause = bounds_.pause(failed_);
  if (now_() + pause >= bounds_.end) co_return next::none;
  const bool over = co_await pause_for(pause);
  co_return over ? next::attempt : next::cancelled;
}

}  // namespace connector::aws
