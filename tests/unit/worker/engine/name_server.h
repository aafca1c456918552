// A DNS server on loopback that knows one IPv4 address for every name, which can change. On a
// thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <string>
#include <thread>

namespace worker::engine {

class name_server {
 public:
  explicit name_server(const std::string& address);
  ~name_server();
  name_server(const name_server&) = delete;
  name_server& operator=(const name_server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void leads_to(const std::string& address);
  [[nodiscard]] int asked() const { return asked_; }

 private:
  void next();
  [[nodiscard]] std::string answer_to(const std::string& question) const;

  boost::asio::io_context loop_{1};
  boost::asio::ip::udp::socket socket_;
  std::uint16_t port_ = 0;
  std::atomic<std::uint32_t> address_;
  std::atomic<int> asked_{0};
  std::array<char, 512> room_{};
  boost::asio::ip::udp::endpoint from_;
  std::thread thread_;
};

}  // namespace worker::engine
