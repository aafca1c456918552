#include "tests/unit/worker/engine/name_server.h"

#if __has_feature(address_sanitizer)
// Debian's c-ares loses ten bytes for each look-up of gRPC.
extern "C" const char* __lsan_default_suppressions() { return "leak:libcares.so"; }
#endif

namespace worker::engine {

namespace asio = boost::asio;
using asio::ip::udp;

namespace {

constexpr std::size_t name_head_size = 12;
constexpr char type_a = 1;

std::uint32_t number_of(const std::string& address) {
  return asio::ip::make_address_v4(address).to_uint();
}

}  // namespace

name_server::name_server(const std::string& address)
    : socket_(loop_, udp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(socket_.local_endpoint().port()),
      address_(number_of(address)) {
  next();
  thread_ = std::thread([this] { loop_.run(); });
}

name_server::~name_server() {
  loop_.stop();
  thread_.join();
}

void name_server::leads_to(const std::string& address) { address_ = number_of(address); }

void name_server::next() {
  socket_.async_receive_from(asio::buffer(room_), from_,
                             [this](boost::system::error_code failed, std::size_t size) {
                               if (failed) return;
                               ++asked_;
                               const auto answer = answer_to(std::string(room_.data(), size));
                               boost::system::error_code ignored;
                               socket_.send_to(asio::buffer(answer), from_, 0, ignored);
                               next();
                             });
}

// The question again, and for an IPv4 address one answer (RFC 1035, 4).
std::string name_server::answer_to(const std::string& question) const {
  const std::size_t end_of_name = question.find('\0', name_head_size);
  if (end_of_name == std::string::npos || question.size() < end_of_name + 5) return {};
  const bool wanted = question[end_of_name + 1] == 0 && question[end_of_name + 2] == type_a;
  std::string out = question.substr(0, 2);
  out += {'\x81', '\x80', 0, 1, 0, static_cast<char>(wanted ? 1 : 0), 0, 0, 0, 0};
  out += question.substr(name_head_size, end_of_name + 5 - name_head_size);
  if (!wanted) return out;
  out += {'\xc0', name_head_size, 0, type_a, 0, 1, 0, 0, 0, 60, 0, 4};
  const std::uint32_t address = address_;
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(address >> shift & 0xff);
  return out;
}

}  // namespace worker::engine
