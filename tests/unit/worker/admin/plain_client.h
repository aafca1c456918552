// A blocking HTTP client of a few lines, for the admin port: sends exactly the bytes that it is
// given. Every wait is bounded.
#pragma once

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <string>

namespace admin_tests {

class plain_client {
 public:
  explicit plain_client(std::uint16_t port) {
    const timeval most{20, 0};
    socket_.open(boost::asio::ip::tcp::v4());
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  // False when the other side has closed.
  bool send(const std::string& bytes) {
    boost::system::error_code failed;
    boost::asio::write(socket_, boost::asio::buffer(bytes), failed);
    return !failed;
  }

  // All that comes until the other side closes, or 20 s pass without a byte.
  std::string read_all() {
    std::string all;
    std::array<char, 4096> bytes{};
    for (;;) {
      boost::system::error_code failed;
      const auto got = socket_.read_some(boost::asio::buffer(bytes), failed);
      all.append(bytes.data(), got);
      if (failed) {
        closed_ =
            failed != boost::asio::error::would_block && failed != boost::asio::error::try_again;
        return all;
      }
    }
  }
  // Whether read_all ended because the other side closed.
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  bool closed_ = false;
};

struct page {
  int status = 0;
  std::string head;
  std::string body;
};

inline page get(std::uint16_t port, const std::string& path, const std::string& method = "GET") {
  plain_client client(port);
  client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto all = client.read_all();
  page out;
  const auto end = all.find("\r\n\r\n");
  if (all.size() < 12 || end == std::string::npos) return out;
  out.status = std::stoi(all.substr(9, 3));
  out.head = all.substr(0, end);
  out.body = all.substr(end + 4);
  return out;
}

}  // namespace admin_tests
