#include "connector/http/name_threads.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>

#include "connector/base/wait.h"

namespace connector::http {

namespace asio = boost::asio;

namespace {

// The result of one thread, as it crosses the socket: whole, or not at all.
struct message {
  struct place {
    bool v6 = false;
    std::uint32_t scope = 0;
    std::array<unsigned char, 16> bytes{};
  };
  std::uint64_t id = 0;
  int error = 0;  // of getaddrinfo; 0: none
  int system_error = 0;
  std::uint32_t count = 0;
  std::array<place, 64> places{};
};
static_assert(std::is_trivially_copyable_v<message>);

void add(message& to, const addrinfo& from) {
  if (to.count == to.places.size()) return;
  message::place& place = to.places[to.count];
  if (from.ai_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(from.ai_addr);
    std::memcpy(place.bytes.data(), &v4->sin_addr, sizeof v4->sin_addr);
  } else if (from.ai_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(from.ai_addr);
    place.v6 = true;
    place.scope = v6->sin6_scope_id;
    std::memcpy(place.bytes.data(), &v6->sin6_addr, sizeof v6->sin6_addr);
  } else {
    return;
  }
  ++to.count;
}

int ask_system(const char* host, addrinfo** found) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  return ::getaddrinfo(host, nullptr, &hints, found);
}

message find(std::uint64_t id, const std::string& host, const name_threads::asker& ask) {
  message out;
  out.id = id;
  addrinfo* all = nullptr;
  out.error = ask(host.c_str(), &all);
  out.system_error = errno;
  if (out.error != 0) return out;
  for (const addrinfo* one = all; one != nullptr; one = one->ai_next) add(out, *one);
  ::freeaddrinfo(all);
  return out;
}

asio::ip::address address_of(const message::place& from) {
  if (from.v6) return asio::ip::address_v6(from.bytes, from.scope);
  asio::ip::address_v4::bytes_type bytes{};
  std::copy_n(from.bytes.begin(), bytes.size(), bytes.begin());
  return asio::ip::address_v4(bytes);
}

result<addresses> outcome_of(const message& got, const std::string& host) {
  if (got.error == EAI_SYSTEM) {
    return cannot_resolve(host, std::system_category().message(got.system_error));
  }
  if (got.error != 0) return cannot_resolve(host, ::gai_strerror(got.error));
  addresses found;
  for (std::uint32_t i = 0; i < got.count; ++i) found.push_back(address_of(got.places[i]));
  return found;
}

// Signals are for the threads that know what to do with them.
class no_signals {
 public:
  no_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  no_signals(const no_signals&) = delete;
  no_signals& operator=(const no_signals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

// One who waits; leaves also when the loop is destroyed with the wait in it.
class name_threads::queue_place {
 public:
  queue_place(std::shared_ptr<name_threads> at, journey_pointer on, asio::steady_timer& gate)
      : at_(std::move(at)), on_(std::move(on)), gate_(gate) {
    on_->waiting.push_back(&gate_);
    ++at_->waiters_;
  }
  ~queue_place() { at_->leave(on_, &gate_); }
  queue_place(const queue_place&) = delete;
  queue_place& operator=(const queue_place&) = delete;

 private:
  std::shared_ptr<name_threads> at_;
  journey_pointer on_;
  asio::steady_timer& gate_;
};

name_threads::name_threads(asio::any_io_executor loop)
    : name_threads(std::move(loop), bounds{}, ask_system) {}

name_threads::name_threads(asio::any_io_executor loop, const bounds& most, asker ask)
    : loop_(std::move(loop)), most_(most), ask_(std::move(ask)) {}

name_threads::~name_threads() = default;

asio::awaitable<result<addresses>> name_threads::look_up(std::string host) {
  const auto self = shared_from_this();
  open_channel();
  if (!results_) co_return cannot_resolve(host, std::system_category().message(errno));
  take_in();
  journey_pointer& known = by_name_[host];
  if (known == nullptr) {
    if (queue_.size() >= most_.waiting && !answering_.has(host)) {
      by_name_.erase(host);
      co_return cannot_resolve(host, "too many other names wait for an answer");
    }
    known = std::make_shared<journey>();
    known->host = host;
    queue_.push_back(known);
  }
  const journey_pointer mine = known;
  asio::steady_timer gate(loop_, most_.longest);
  {
    const queue_place here(self, mine, gate);
    start_more();
    listen();
    if (!mine->found) co_await wait(gate);
  }
  if (mine->found) co_return *mine->found;
  co_return cannot_resolve(host, mine->started ? "its name servers are silent"
                                               : "the name servers of too many names are silent");
}

void name_threads::open_channel() {
  if (results_) return;
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
  results_.emplace(loop_, ends[0]);
  writer_ = std::shared_ptr<const int>(new int(ends[1]), [](const int* end) {
    ::close(*end);
    delete end;
  });
}

void name_threads::start_more() {
  for (auto next = queue_.begin(); next != queue_.end();) {
    if (running_.size() >= most_.threads) return;
    const journey_pointer one = *next;
    const bool in_reserve = running_.size() + most_.reserved >= most_.threads;
    if (in_reserve && !answering_.has(one->host)) {
      ++next;
      continue;
    }
    next = queue_.erase(next);
    if (!start(one)) end(one, cannot_resolve(one->host, "the system gives no thread for it"));
  }
}

bool name_threads::start(const journey_pointer& one) {
  const no_signals here;
  const std::uint64_t id = ++last_;
  try {
    std::thread([id, host = one->host, ask = ask_, writer = writer_] {
      const message found = find(id, host, ask);
      // With the loop gone there is no reader, and that is all right.
      std::ignore = ::send(*writer, &found, sizeof found, MSG_NOSIGNAL);
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  one->started = true;
  running_.emplace(id, one);
  return true;
}

// Only while someone waits: a silent name keeps no loop running.
void name_threads::listen() {
  if (listening_ || waiters_ == 0) return;
  listening_ = true;
  results_->async_wait(asio::posix::stream_descriptor::wait_read,
                       [weak = weak_from_this()](const boost::system::error_code&) {
                         const auto self = weak.lock();
                         if (self == nullptr) return;
                         self->listening_ = false;
                         self->take_in();
                         self->listen();
                       });
}

void name_threads::take_in() {
  message got;
  while (::recv(results_->native_handle(), &got, sizeof got, MSG_DONTWAIT) == sizeof got) {
    const auto it = running_.find(got.id);
    if (it == running_.end()) continue;
    const journey_pointer one = it->second;
    running_.erase(it);
    end(one, outcome_of(got, one->host));
  }
  start_more();
}

void name_threads::end(const journey_pointer& one, result<addresses> found) {
  by_name_.erase(one->host);
  if (found) {
    answering_.add(one->host);
  } else {
    answering_.erase(one->host);
  }
  one->found = std::move(found);
  for (asio::steady_timer* gate : one->waiting) gate->cancel();
}

void name_threads::leave(const journey_pointer& from, asio::steady_timer* gate) {
  std::erase(from->waiting, gate);
  --waiters_;
  if (waiters_ == 0 && listening_) results_->cancel();
  if (from->found || !from->waiting.empty()) return;
  if (from->started) {
    answering_.erase(from->host);  // silent now
    return;
  }
  std::erase(queue_, from);
  by_name_.erase(from->host);
}

}  // namespace connector::http
