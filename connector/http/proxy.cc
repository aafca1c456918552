#include "connector/http/proxy.h"

#include <array>
#include <string_view>

#include "connector/http/response_parser.h"

namespace connector::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_answer = 16 * 1024;

failure refuse(const proxy& by, const destination& to, const std::string& why) {
  return {failure_kind::proxy, request_progress::nothing_sent,
          "the proxy " + name_of(by) + " opened no tunnel to " + to.host + ": " + why};
}

secret_string connect_request(const proxy& by, const destination& to) {
  const bool literal_v6 = to.host.find(':') != std::string::npos;
  const std::string target =
      (literal_v6 ? '[' + to.host + ']' : to.host) + ':' + std::to_string(to.port);
  std::string text = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!by.authorization.empty()) {
    text.append("Proxy-Authorization: ").append(by.authorization.reveal()).append("\r\n");
  }
  text.append("\r\n");
  return secret_string::take(text);
}

std::string why_not(int status, const proxy& by) {
  const std::string shown = " (status " + std::to_string(status) + ")";
  // One of the two usual proxies answers 401 to a wrong password.
  if (status == 407 || status == 401) {
    if (by.authorization.empty()) {
      return "it wants a user name and password" + shown + ": put them into " + by.variable +
             ", as http://user:password@host:port";
    }
    return "it does not accept the user name and password of " + by.variable + shown;
  }
  if (status == 403) {
    return "it does not allow this host or port" + shown +
           ": allow it there, or name the host in NO_PROXY if it can be reached without";
  }
  if (status >= 500) return "it does not reach that host itself" + shown;
  return "status " + std::to_string(status);
}

failure out_of_time(const proxy& by, const destination& to, wake how) {
  failure why = refuse(by, to, "no answer in time");
  if (how == wake::cancelled) why.kind = failure_kind::cancelled;
  return why;
}

}  // namespace

std::string name_of(const proxy& by) {
  const bool literal_v6 = by.host.find(':') != std::string::npos;
  return (by.tls ? "https://" : "") + (literal_v6 ? '[' + by.host + ']' : by.host) + ':' +
         std::to_string(by.port);
}

asio::awaitable<std::optional<failure>> open_tunnel(connection& through, const proxy& by,
                                                    const destination& to) {
  if (through.peek() == step::done) co_return refuse(by, to, "it answered before it was asked");
  const secret_string text = connect_request(by, to);
  std::string_view left = text.reveal();
  while (!left.empty()) {
    std::size_t moved = 0;
    const step outcome = through.write_some(left, moved);
    left.remove_prefix(moved);
    if (outcome == step::want_write) {
      const wake how = co_await through.wait(asio::ip::tcp::socket::wait_write);
      if (how != wake::ready) co_return out_of_time(by, to, how);
    } else if (outcome != step::done) {
      co_return refuse(by, to, through.error());
    }
  }

  response_limits bounds;
  bounds.header_bytes = longest_answer;
  bounds.body_bytes = 0;
  bounds.of_head = true;  // what follows the header of a 2xx belongs to the tunnel
  response_parser got(bounds);
  for (;;) {
    // Byte by byte would be safest for what follows, but a server waits for our TLS hello first.
    std::array<char, 1024> piece{};
    std::size_t moved = 0;
    const step outcome = through.read_some(piece.data(), piece.size(), moved);
    if (outcome == step::want_read || outcome == step::want_write) {
      // TLS has to write first where the proxy changed the keys.
      const auto direction = outcome == step::want_read ? asio::ip::tcp::socket::wait_read
                                                        : asio::ip::tcp::socket::wait_write;
      const wake how = co_await through.wait(direction);
      if (how != wake::ready) co_return out_of_time(by, to, how);
      continue;
    }
    if (outcome == step::broken) co_return refuse(by, to, through.error());
    const parse_state state = outcome == step::closed
                                  ? got.end_of_stream()
                                  : got.feed(std::string_view(piece.data(), moved));
    if (state == parse_state::failed) co_return refuse(by, to, got.reason());
    if (state == parse_state::more) {
      // The next piece may be there already, and the next, each of one byte.
      const wake how = co_await through.give_way();
      if (how != wake::ready) co_return out_of_time(by, to, how);
      continue;
    }
    const int status = got.take().status;
    if (status / 100 != 2) co_return refuse(by, to, why_not(status, by));
    // The destination says nothing before it is asked, so this is not its word.
    if (got.surplus()) co_return refuse(by, to, "it sent more than its answer");
    co_return std::nullopt;
  }
}

}  // namespace connector::http
