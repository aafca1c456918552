#include "connector/oauth/token_cache.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "connector/base/backoff.h"
#include "connector/base/boot_timer.h"
#include "connector/base/cancellation.h"
#include "connector/base/let_out.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"
#include "connector/base/waiters.h"

namespace connector::oauth {

namespace asio = boost::asio;

namespace {

using kind = token_failure::kind;

// The longest wait of the timer: until then it looks again in any case.
constexpr std::chrono::hours longest_wait{1};

// The longest wait for another token than the one that was refused.
constexpr std::chrono::seconds longest_with_token{2};

// A stored token that ends sooner is not worth taking over.
constexpr std::chrono::seconds least_rest{30};

}  // namespace

// One request and those who wait for it.
struct token_cache::shared_fetch {
  bool done = false;
  connector::waiters waiters;
  asio::cancellation_signal stop;
};

token_cache::token_cache(asio::any_io_executor loop, token_cache_settings how)
    : loop_(std::move(loop)), settings_(std::move(how)), next_(loop_) {
  if (!settings_.random) settings_.random = system_random();
}

token_cache::~token_cache() = default;

bool token_cache::usable() const {
  return token_ && step_at(plan_, boot_clock::now()) != token_step::wait;
}

token_step token_cache::step() const {
  if (!token_ || renew_now_) return token_step::wait;
  return step_at(plan_, boot_clock::now());
}

asio::awaitable<result<access_token>> token_cache::get(deadline end) {
  const auto self = shared_from_this();
  const auto now = boot_clock::now();
  const auto next = step();
  if (next != token_step::use && !fetch_ && !stopped_ && now >= quiet_until_) start_fetch();
  if (next != token_step::wait) co_return *token_;
  const auto mine = fetch_;
  const auto left = left_until(end, now);
  // A usable token was refused here. Its call needs time of its own if there is no other token.
  const auto most = usable() ? std::min<boot_clock::duration>(left / 4, longest_with_token) : left;
  if (mine) co_await mine->waiters.wait(loop_, most);
  // A token that was refused is still better than none: the gateway says why it refuses it.
  if (usable()) co_return *token_;
  if (mine && !mine->done) {
    co_return token_failure{kind::unavailable, "the token server gave no token in time"};
  }
  if (failure_) co_return *failure_;
  co_return token_failure{kind::unavailable, "there is no token: the worker stops"};
}

bool token_cache::refused(const secret_string& token) {
  ++count_.refused;
  if (!token_ || token_->value != token) return token_.has_value();
  if (renew_now_) return true;
  // Fresh tokens are refused as well: the fault is elsewhere, and a request for each call would not
  // help.
  const auto now = boot_clock::now();
  if (last_refusal_ && now - *last_refusal_ < settings_.between_refusals) return false;
  last_refusal_ = now;
  renew_now_ = true;
  return true;
}

void token_cache::start_fetch() {
  fetch_ = std::make_shared<shared_fetch>();
  const auto own = fetch_;
  asio::co_spawn(loop_, fetch_shared(shared_from_this(), own),
                 asio::bind_cancellation_slot(
                     own->stop.slot(), [self = shared_from_this(), own](std::exception_ptr bug) {
                       if (!bug || own->done) return;
                       self->complete(own, token_failure{kind::unavailable,
                                                         "asking for a token failed unexpectedly"});
                     }));
}

std::optional<access_token> token_cache::stored() const {
  // After a refusal the store may have another token of the time before it.
  if (!settings_.store.load || renew_now_) return std::nullopt;
  auto found = settings_.store.load();
  if (!found || (token_ && found->value == token_->value)) return std::nullopt;
  // Another client of the store may have got its token before ours.
  if (usable() && found->expires <= token_->expires) return std::nullopt;
  if (found->expires - boot_clock::now() < least_rest) return std::nullopt;
  return found;
}

asio::awaitable<void> token_cache::fetch_shared(std::shared_ptr<token_cache> self,
                                                std::shared_ptr<shared_fetch> own) {
  co_await quiet_cancellation();
  // Never within the call that started it: its caller has to be in the list of waiters first.
  co_await pause_for(std::chrono::seconds(0));
  if (auto shared = self->stored()) {
    ++self->count_.taken_over;
    self->complete(own, *std::move(shared));
    co_return;
  }
  const deadline end = boot_clock::now() + self->settings_.fetch_time;
  auto outcome = co_await self->settings_.fetch(end);
  if (outcome) {
    ++self->count_.fetched;
    if (self->settings_.store.save) self->settings_.store.save(*outcome);
  }
  self->complete(own, std::move(outcome));
}

void token_cache::complete(const std::shared_ptr<shared_fetch>& own, result<access_token> outcome) {
  own->done = true;
  if (fetch_ == own) fetch_ = nullptr;
  if (outcome) {
    take(std::move(*outcome));
  } else if (!stopped_) {
    fail(outcome.error());
  }
  own->waiters.wake();
  next_.cancel();
}

void token_cache::take(access_token token) {
  if (failure_) log::info("the gateway's token server gives tokens again");
  watched_ = settings_.watch ? settings_.watch(token.value) : nullptr;
  plan_ = plan_of(token);
  token_ = std::move(token);
  failure_.reset();
  failures_ = 0;
  quiet_until_ = {};
  renew_now_ = false;
}

void token_cache::fail(token_failure why) {
  ++count_.failed;
  // One line for each new reason: an outage must not log a line with every attempt.
  if (!failure_ || failure_->message != why.message) {
    log::warning(usable() ? "the token for the gateway could not be renewed, the old one is used"
                          : "there is no token for the gateway",
                 {{"reason", why.message}});
  }
  failure_ = std::move(why);
  const auto ceiling = backoff_ceiling(settings_.pauses, failures_);
  failures_ = std::min(failures_ + 1, 1000);
  quiet_until_ = boot_clock::now() + equal_jitter(ceiling, settings_.random);
}

boot_clock::time_point token_cache::due() const {
  const bool now = !token_ || renew_now_;
  return std::max(now ? boot_clock::time_point() : plan_.renew_from, quiet_until_);
}

// The parameter keeps the cache alive.
asio::awaitable<void> token_cache::renew_in_time(std::shared_ptr<token_cache> self) {
  co_await quiet_cancellation();
  while (!self->stopped_) {
    const auto now = boot_clock::now();
    if (!self->fetch_ && now >= self->due()) self->start_fetch();
    // The end of a request cancels the timer.
    const auto wait =
        self->fetch_ ? boot_clock::duration(longest_wait) : left_until(self->due(), now);
    co_await wait_for(self->next_, std::min<boot_clock::duration>(wait, longest_wait));
  }
}

void token_cache::keep_fresh() {
  asio::co_spawn(loop_, renew_in_time(shared_from_this()), let_out);
}

void token_cache::stop() {
  stopped_ = true;
  next_.cancel();
  if (fetch_) fetch_->stop.emit(asio::cancellation_type::terminal);
}

token_figures token_cache::figures() const {
  auto out = count_;
  if (token_) {
    out.since = token_->since;
    out.expires = token_->expires;
  }
  return out;
}

}  // namespace connector::oauth
