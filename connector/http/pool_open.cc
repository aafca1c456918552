// The half of the pool that opens connections: how many, for whom, and who hears of a failure.
#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/let_out.h"
#include "connector/http/pool.h"
#include "connector/http/pool_entry.h"

namespace connector::http {

namespace asio = boost::asio;

void pool::close_oldest(pool_entry& at) {
  at.idle.front()->close_politely();
  at.idle.erase(at.idle.begin());
  --at.open;
  --in_all_;
  --idle_;
  --counted.open;
}

bool pool::close_oldest_of_all() {
  pool_entry* oldest = nullptr;
  for (auto& [name, at] : sites_) {
    if (at->idle.empty()) continue;
    if (oldest == nullptr || at->idle.front()->kept_as < oldest->idle.front()->kept_as) {
      oldest = at.get();
    }
  }
  if (oldest == nullptr) return false;
  close_oldest(*oldest);
  return true;
}

// More than the one that is needed now: a resolver and a file may need descriptors next.
bool pool::spare_descriptors() {
  constexpr int at_a_time = 8;
  int closed = 0;
  while (closed < at_a_time && close_oldest_of_all()) ++closed;
  return closed > 0;
}

bool pool::room_for_one_more(pool_entry& at) {
  if (at.open + at.opening >= settings_.connections_per_destination) {
    // Where one lies idle and another is wanted, a fresh one is wanted.
    if (at.idle.empty()) return false;
    close_oldest(at);
    return true;
  }
  if (in_all_ < settings_.connections) return true;
  // Closing an idle connection of another destination makes room.
  if (close_oldest_of_all()) return true;
  starved_ = true;
  abandon_spare_opener();
  return false;
}

connection_opener* pool::pool_entry::spare_opener() const {
  const auto is_abandoned = [](const connection_opener* one) { return one->abandoned(); };
  const auto over = std::count_if(openers.begin(), openers.end(), is_abandoned);
  if (openers.size() - static_cast<std::size_t>(over) <= waiters.size()) return nullptr;
  return *std::find_if_not(openers.rbegin(), openers.rend(), is_abandoned);
}

// Its place is free when it has ended, which serves who is starved. Otherwise requests that are
// over would hold places as long as a silent server lets them.
void pool::abandon_spare_opener() {
  for (auto& [name, at] : sites_) {
    connection_opener* spare = at->spare_opener();
    if (spare == nullptr) continue;
    spare->abandon();
    return;
  }
}

void pool::open_more(pool_entry& at) {
  if (closed_) return;
  while (at.opening < std::min(at.waiters.size(), settings_.parallel_handshakes) &&
         room_for_one_more(at)) {
    ++at.opening;
    ++in_all_;
    const auto stop = std::make_shared<asio::cancellation_signal>();
    auto job = open_one(at, at.waiters.front().bounds, stop);
    asio::co_spawn(loop_, std::move(job), asio::bind_cancellation_slot(stop->slot(), let_out));
  }
}

asio::awaitable<void> pool::open_one(pool_entry& at, limits bounds,
                                     std::shared_ptr<asio::cancellation_signal> stop) {
  const auto self = shared_from_this();
  co_await quiet_cancellation();
  // Never at once: the caller of open_more is still changing the pool.
  co_await asio::post(loop_, asio::use_awaitable);
  const std::uint64_t started = ++clock_;
  connection_opener job(context_, at.to, at.memory, bounds, *stop);
  at.openers.push_back(&job);
  result<connection_pointer> made = failure{failure_kind::connect, request_progress::nothing_sent,
                                            "no connection to " + at.to.host};
  try {
    made = co_await job.run();
  } catch (const std::exception& bug) {
    made = failure{failure_kind::connect, request_progress::nothing_sent,
                   "no connection to " + at.to.host + ": " + bug.what()};
  }
  std::erase(at.openers, &job);
  --at.opening;
  if (made) {
    opened(at, std::move(*made), job.resumed());
  } else {
    // Who came after a spare one was broken off had no part in it, and waits for the next.
    if (!job.abandoned() || closed_) failed(at, started, made.error());
    place_is_free(at);
  }
}

void pool::opened(pool_entry& at, connection_pointer made, bool resumed) {
  ++counted.connections_opened;
  ++counted.open;
  ++at.open;
  if (at.to.tls) ++counted.tls_handshakes;
  if (resumed) ++counted.tls_resumed;
  at.succeeded = ++clock_;
  at.last_failure.clear();
  if (at.waiters.empty()) {
    // The request that asked for it was served by another connection.
    give_back(at.name, std::move(made), settings_.idle_close);
    return;
  }
  waiter& next = at.waiters.front();
  next.got = std::move(made);
  next.wake();
  open_more(at);
}

void pool::failed(pool_entry& at, std::uint64_t started, const failure& why) {
  ++counted.connections_failed;
  at.last_failure = why.message;
  // With no success since this attempt began, every request that was waiting then would have met
  // the same failure. Otherwise the destination works, and one request alone gets the failure.
  const bool hopeless = at.succeeded < started;
  while (!at.waiters.empty() && at.waiters.front().arrived <= started) {
    waiter& next = at.waiters.front();
    next.failed = why;
    next.wake();
    if (!hopeless) break;
  }
}

void pool::place_is_free(pool_entry& at) {
  --in_all_;
  if (starved_) {
    serve_starved();
  } else {
    open_more(at);
  }
}

// The request that has waited longest comes first: destinations where a request always waits would
// otherwise take every place.
void pool::serve_starved() {
  starved_ = false;
  std::vector<pool_entry*> waiting;
  for (auto& [name, at] : sites_) {
    if (!at->waiters.empty()) waiting.push_back(at.get());
  }
  const auto since = [](const pool_entry* at) { return at->waiters.front().arrived; };
  std::sort(waiting.begin(), waiting.end(),
            [&](const auto* a, const auto* b) { return since(a) < since(b); });
  for (pool_entry* at : waiting) {
    open_more(*at);
    if (starved_) return;
  }
}

}  // namespace connector::http
