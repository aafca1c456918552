#include "connector/http/resolver.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <exception>

#include "connector/base/ip_address.h"
#include "connector/base/wait.h"
#include "connector/http/name_threads.h"

namespace connector::http {

namespace asio = boost::asio;
namespace {

constexpr std::size_t max_addresses = 16;
constexpr std::size_t max_kept = 1000;

}  // namespace

failure cannot_resolve(const std::string& host, const std::string& why) {
  return {failure_kind::resolve, request_progress::nothing_sent,
          "the name " + host + " cannot be resolved: " + why};
}

addresses in_turns(const addresses& all) {
  addresses families[2];
  for (const auto& one : all) {
    addresses& own = families[one.is_v4() == all.front().is_v4() ? 0 : 1];
    if (std::find(own.begin(), own.end(), one) != own.end()) continue;
    if (own.size() < max_addresses) own.push_back(one);
  }
  addresses turns;
  for (std::size_t i = 0; i < max_addresses; ++i) {
    for (const addresses& family : families) {
      if (i < family.size() && turns.size() < max_addresses) turns.push_back(family[i]);
    }
  }
  return turns;
}

look_up system_look_up(const asio::any_io_executor& loop) {
  return [threads = std::make_shared<name_threads>(loop)](std::string host) {
    return threads->look_up(std::move(host));
  };
}

resolver::resolver(asio::any_io_executor loop, look_up how)
    : loop_(std::move(loop)), settings_(std::move(how)) {}

void resolver::forget(const std::string& host) {
  const auto it = lookups_.find(host);
  if (it != lookups_.end() && it->second->done) lookups_.erase(it);
}

asio::awaitable<result<addresses>> resolver::resolve(std::string host,
                                                     std::chrono::milliseconds limit) {
  if (const auto literal = ip_address_of(host)) co_return addresses(1, *literal);

  const auto self = shared_from_this();
  std::shared_ptr<lookup> current = lookups_[host];
  if (current == nullptr || (current->done && current->good_until <= boot_clock::now())) {
    current = std::make_shared<lookup>();
    lookups_[host] = current;
    auto journey = settings_(host);
    auto landing = [self, host, current](std::exception_ptr bug, result<addresses> found) {
      if (bug != nullptr) found = cannot_resolve(host, "the look-up broke off");
      self->complete(host, *current, std::move(found));
    };
    asio::co_spawn(loop_, std::move(journey),
                   asio::bind_cancellation_slot(current->stop.slot(), std::move(landing)));
  }
  if (!current->done) {
    asio::steady_timer gate(loop_, limit);
    current->waiting.push_back(&gate);
    co_await wait(gate);
    std::erase(current->waiting, &gate);
    // With nothing left that waits for it, it ends: no loop goes on for it.
    if (!current->done && current->waiting.empty()) {
      lookups_.erase(host);
      current->stop.emit(asio::cancellation_type::terminal);
    }
  }
  if (!current->done) {
    co_return cannot_resolve(host, "no answer within " + std::to_string(limit.count()) + " ms");
  }
  co_return current->found;
}

void resolver::complete(const std::string& host, lookup& ended, result<addresses> found) {
  if (found && found->empty()) found = cannot_resolve(host, "it has no address");
  // The callers that wait share a failure; it is not kept.
  ended.good_until = boot_clock::now();
  if (found) {
    ended.good_until += fresh;
    found = in_turns(*found);
  }
  ended.found = std::move(found);
  ended.done = true;
  for (asio::steady_timer* gate : ended.waiting) gate->cancel();
  if (lookups_.size() > max_kept) drop_old();
}

void resolver::drop_old() {
  const auto now = boot_clock::now();
  std::erase_if(lookups_, [now](const auto& entry) {
    return entry.second->done && entry.second->good_until <= now;
  });
}

}  // namespace connector::http
