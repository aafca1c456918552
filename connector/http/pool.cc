#include "connector/http/pool.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"
#include "connector/http/pool_entry.h"

namespace connector::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_sites = 256;
constexpr auto sweep_interval = std::chrono::seconds(1);

}  // namespace

tls_settings tls_settings_of(const client_settings& from) {
  return {from.ca_bundle, from.client_certificate,  from.client_key, from.trust_setting,
          from.material,  from.certificate_setting, from.key_setting};
}

void pool::waiter::leave() {
  disarm();
  if (!boost::intrusive::list_base_hook<>::is_linked()) return;
  at.waiters.erase(at.waiters.iterator_to(*this));
}

void pool::waiter::time_over() {
  failed_before = at.last_failure;
  wake();
}

class pool::sweeper final : public timed {
 public:
  explicit sweeper(pool& owner) : owner_(owner) {}

 private:
  void time_over() override { owner_.sweep(); }
  pool& owner_;
};

pool::pool(const asio::any_io_executor& loop, client_settings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      limits_(std::make_shared<deadlines>(loop)),
      sweeper_(std::make_unique<sweeper>(*this)) {
  context_.loop = loop_;
  context_.limits = limits_;
  context_.names =
      std::make_shared<resolver>(loop_, settings_.names ? settings_.names : system_look_up(loop_));
  context_.tls = std::make_shared<tls_context>(tls_settings_of(settings_));
  context_.proxy_for = settings_.proxy_for;
  context_.may_connect = settings_.may_connect;
  // An connection_opener keeps the pool alive.
  context_.spare_descriptors = [this] { return spare_descriptors(); };
}

pool::~pool() = default;

pool::pool_entry& pool::site_of(const pool_key& of) {
  const auto it = sites_.find(of);
  if (it != sites_.end()) return *it->second;
  if (sites_.size() >= max_sites) forget_old_sites();
  return *sites_.emplace(of, std::make_unique<pool_entry>(of)).first->second;
}

void pool::forget_old_sites() {
  std::erase_if(sites_, [](const auto& entry) { return entry.second->unused(); });
}

connection_pointer pool::take_idle(const pool_key& of) {
  const auto it = sites_.find(of);
  if (it == sites_.end()) return nullptr;
  return take_quiet(*it->second);
}

connection_pointer pool::take_quiet(pool_entry& at) {
  const auto now = boot_clock::now();
  while (!at.idle.empty()) {
    connection_pointer kept = std::move(at.idle.back());
    at.idle.pop_back();
    --idle_;
    const bool young = kept->idle_until > now;
    if (young && kept->quiet()) return kept;
    if (young) ++counted.found_dead;
    // It lay idle: what is there was asked for by nothing.
    if (kept->peek() == step::done) give_up_on(at.to);
    kept.reset();
    closed(at);
  }
  return nullptr;
}

void pool::give_up_on(const destination& server) {
  if (!given_up_.add(server)) return;
  ++counted.given_up;
  log::warning("a server sent more than it was asked for: none of its connections is kept any more",
               {{"host", server.host}, {"port", std::to_string(server.port)}});
  for (auto& [name, at] : sites_) {
    if (name.to == server) close_all_idle(*at);
  }
  if (starved_) serve_starved();
}

asio::awaitable<result<connection_pointer>> pool::wait(const pool_key& of, const limits& bounds,
                                                       deadline end, bool fresh) {
  if (closed_) {
    co_return failure{failure_kind::cancelled, request_progress::nothing_sent,
                      "the client was closed"};
  }
  pool_entry& at = site_of(of);
  waiter me(loop_, at, bounds, fresh);
  me.arrived = ++clock_;
  at.waiters.push_back(me);
  limits_->arm(me, end);
  open_more(at);

  const auto before = co_await asio::this_coro::cancellation_state;
  if (!is_cancelled(before)) co_await connector::wait(me.gate);
  me.leave();
  const auto state = co_await asio::this_coro::cancellation_state;
  if (is_cancelled(state)) {
    // A connection that arrived at the same moment goes to another request.
    if (me.got != nullptr) give_back(of, std::move(me.got), settings_.idle_close);
    co_return failure{failure_kind::cancelled, request_progress::nothing_sent,
                      "given up before there was a connection to " + of.to.host};
  }
  if (me.got != nullptr) co_return std::move(me.got);
  if (me.failed) co_return std::move(*me.failed);
  std::string text = "there was no connection to " + of.to.host + " before the time was over";
  if (!me.failed_before.empty()) text += " (before that: " + me.failed_before + ")";
  co_return failure{failure_kind::timeout, request_progress::nothing_sent, std::move(text)};
}

void pool::give_back(const pool_key& of, connection_pointer used,
                     std::chrono::milliseconds keep_for) {
  pool_entry& at = site_of(of);
  at.succeeded = ++clock_;
  used->reused = true;
  used->disarm();
  const bool wanted = !at.waiters.empty();
  const bool quiet = used->quiet();
  if (!quiet && used->peek() == step::done) give_up_on(at.to);
  const bool may_stay = !closed_ && keep_for.count() > 0 && !given_up_.has(at.to) &&
                        (wanted || at.idle.size() < settings_.idle_per_destination);
  if (may_stay && !quiet) ++counted.found_dead;
  const bool keep = may_stay && quiet;
  if (!keep) {
    used->close_politely();
    used.reset();
    closed(at);
    return;
  }
  used->idle_until = boot_clock::now() + keep_for;
  used->kept_as = ++clock_;
  at.idle.push_back(std::move(used));
  ++idle_;
  hand_out(at);
  // Who is left wants a fresh one.
  open_more(at);
  if (idle_ > settings_.idle) close_oldest_of_all();
  if (idle_ > 0 && !sweeper_->is_linked()) {
    limits_->arm(*sweeper_, boot_clock::now() + sweep_interval);
  }
  if (starved_) serve_starved();
}

void pool::drop(const pool_key& of, connection_pointer used) {
  used.reset();
  closed(site_of(of));
}

void pool::hand_out(pool_entry& at) {
  for (auto next = at.waiters.begin(); next != at.waiters.end();) {
    waiter& one = *next++;
    if (one.fresh) continue;
    one.got = take_quiet(at);
    if (one.got == nullptr) return;
    one.wake();
  }
}

void pool::closed(pool_entry& at) {
  --at.open;
  --counted.open;
  place_is_free(at);
}

void pool::sweep() {
  const auto now = boot_clock::now();
  bool some_left = false;
  std::vector<destination> spoilt;
  for (auto& [name, at] : sites_) {
    std::vector<connection_pointer>& idle = at->idle;
    std::size_t count = 0;
    std::erase_if(idle, [&](const connection_pointer& one) {
      if (one->idle_until > now) return false;
      if (one->peek() == step::done) spoilt.push_back(at->to);
      one->close_politely();
      ++count;
      return true;
    });
    if (idle.empty()) idle.shrink_to_fit();
    at->open -= count;
    in_all_ -= count;
    idle_ -= count;
    counted.open -= count;
    some_left = some_left || !idle.empty();
  }
  for (const destination& server : spoilt) give_up_on(server);
  if (some_left) limits_->arm(*sweeper_, now + sweep_interval);
  if (starved_) serve_starved();
}

void pool::close_all_idle(pool_entry& at) {
  const std::size_t count = at.idle.size();
  for (auto& one : at.idle) one->close_politely();
  at.idle.clear();
  at.open -= count;
  in_all_ -= count;
  idle_ -= count;
  counted.open -= count;
}

void pool::close_idle() {
  for (auto& [name, at] : sites_) {
    close_all_idle(*at);
    if (!at->waiters.empty()) continue;
    for (connection_opener* job : at->openers) job->abandon();
  }
  sweeper_->disarm();
  limits_->rest_if_idle();
  if (starved_) serve_starved();
}

void pool::close() {
  closed_ = true;
  close_idle();
  for (auto& [name, at] : sites_) {
    for (connection_opener* job : at->openers) job->abandon();
  }
  limits_->rest();
}

}  // namespace connector::http
