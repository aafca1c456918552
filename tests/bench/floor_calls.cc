#include "tests/bench/floor_calls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

namespace bench {

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view length_name = "\r\nContent-Length: ";

void must(bool good, const char* requirement) {
  if (!good) throw std::runtime_error(std::string("floor: ") + requirement);
}

}  // namespace

struct floor_calls::connection {
  ~connection() {
    SSL_free(tls);
    ::close(socket);
  }
  int socket = -1;
  SSL* tls = nullptr;
  std::int64_t token = 0;
  std::string out;
  std::string in;
  std::size_t whole = 0;  // bytes of head and body, once the head is there
  std::size_t body = 0;   // where it starts
};

floor_calls::floor_calls(std::uint16_t port, const std::string& ca_file, on_answer answered)
    : port_(port),
      answered_(std::move(answered)),
      head_("POST /2015-03-31/functions/bench/invocations HTTP/1.1\r\nHost: localhost:" +
            std::to_string(port) + "\r\nContent-Type: application/json\r\nContent-Length: "),
      tls_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  must(tls_ != nullptr && epoll_ >= 0, "no TLS context or no epoll");
  must(SSL_CTX_load_verify_file(tls_.get(), ca_file.c_str()) == 1, "CA file cannot be read");
  SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(tls_.get(), SSL_MODE_RELEASE_BUFFERS);
}

floor_calls::~floor_calls() {
  connections_.clear();
  ::close(epoll_);
}

floor_calls::connection& floor_calls::open() {
  auto made = std::make_unique<connection>();
  made->socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  must(::connect(made->socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0,
       "Lambda cannot be reached");
  const int on = 1;
  ::setsockopt(made->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  made->tls = SSL_new(tls_.get());
  must(SSL_set1_host(made->tls, "localhost") == 1 && SSL_set_fd(made->tls, made->socket) == 1,
       "no TLS session");
  must(SSL_connect(made->tls) == 1, "TLS handshake failed");
  must(::fcntl(made->socket, F_SETFL, O_NONBLOCK) == 0, "no non-blocking socket");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = made.get();
  must(::epoll_ctl(epoll_, EPOLL_CTL_ADD, made->socket, &event) == 0, "epoll refuses a socket");
  connections_.push_back(std::move(made));
  return *connections_.back();
}

void floor_calls::watch(int other) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  must(::epoll_ctl(epoll_, EPOLL_CTL_ADD, other, &event) == 0, "epoll refuses an event");
}

void floor_calls::post(std::int64_t token, std::string_view body) {
  if (idle_.empty()) idle_.push_back(&open());
  connection& on = *idle_.back();
  idle_.pop_back();
  on.token = token;
  on.out.assign(head_);
  on.out += std::to_string(body.size());
  on.out += head_end;
  on.out += body;
  write(on);
}

// A request of a few hundred bytes always fits an empty socket buffer.
void floor_calls::write(connection& on) {
  const int wrote = SSL_write(on.tls, on.out.data(), static_cast<int>(on.out.size()));
  must(wrote == static_cast<int>(on.out.size()), "a request could not be written");
}

void floor_calls::wait() {
  epoll_event events[128];
  const int count = ::epoll_wait(epoll_, events, std::size(events), -1);
  for (int i = 0; i < count; ++i) {
    if (events[i].data.ptr != nullptr) read(*static_cast<connection*>(events[i].data.ptr));
  }
}

void floor_calls::read(connection& on) {
  char bytes[16 * 1024];
  const int got = SSL_read(on.tls, bytes, sizeof bytes);
  if (got <= 0) {
    // A session ticket, or the rest of a record is on its way.
    must(SSL_get_error(on.tls, got) == SSL_ERROR_WANT_READ, "Lambda closed a connection");
    return;
  }
  on.in.append(bytes, static_cast<std::size_t>(got));
  if (take_answer(on)) idle_.push_back(&on);
}

bool floor_calls::take_answer(connection& on) {
  const std::string_view in = on.in;
  if (on.whole == 0) {
    const auto end = in.find(head_end);
    if (end == std::string_view::npos) return false;
    must(in.starts_with("HTTP/1.1 200 "), "an answer that is not 200");
    const auto at = in.substr(0, end).find(length_name);
    must(at != std::string_view::npos, "an answer without Content-Length");
    std::size_t length = 0;
    std::from_chars(in.data() + at + length_name.size(), in.data() + end, length);
    on.body = end + head_end.size();
    on.whole = on.body + length;
  }
  if (in.size() < on.whole) return false;
  answered_(on.token, in.substr(on.body, on.whole - on.body));
  on.in.clear();
  on.whole = 0;
  return true;
}

}  // namespace bench
