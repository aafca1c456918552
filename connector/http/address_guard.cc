#include "connector/http/address_guard.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace connector::http {

namespace asio = boost::asio;
using asio::ip::address_v6;

namespace {

struct v4_range {
  std::uint32_t start;
  unsigned bits;
  address_kind kind;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return (a << 24U) | (b << 16U) | (c << 8U) | d;
}

// First match counts, so single addresses precede their range. Source: IANA's registry of
// special-purpose addresses, and the clouds' documentation for metadata.
constexpr std::array<v4_range, 20> v4_ranges = {{
    {v4(169, 254, 169, 0), 24, address_kind::metadata},    // EC2 and most others, its DNS and clock
    {v4(169, 254, 170, 0), 24, address_kind::metadata},    // ECS (.2), EKS Pod Identity (.23)
    {v4(100, 100, 100, 200), 32, address_kind::metadata},  // Alibaba
    {v4(168, 63, 129, 16), 32, address_kind::metadata},    // Azure
    {v4(192, 0, 0, 192), 32, address_kind::metadata},      // Oracle
    {v4(0, 0, 0, 0), 8, address_kind::this_machine},
    {v4(127, 0, 0, 0), 8, address_kind::this_machine},
    {v4(169, 254, 0, 0), 16, address_kind::link_local},
    {v4(10, 0, 0, 0), 8, address_kind::private_use},
    {v4(172, 16, 0, 0), 12, address_kind::private_use},
    {v4(192, 168, 0, 0), 16, address_kind::private_use},
    {v4(100, 64, 0, 0), 10, address_kind::private_use},
    {v4(192, 0, 0, 0), 24, address_kind::special},
    {v4(192, 0, 2, 0), 24, address_kind::special},
    {v4(192, 88, 99, 0), 24, address_kind::special},
    {v4(198, 18, 0, 0), 15, address_kind::special},
    {v4(198, 51, 100, 0), 24, address_kind::special},
    {v4(203, 0, 113, 0), 24, address_kind::special},
    {v4(224, 0, 0, 0), 4, address_kind::special},
    {v4(240, 0, 0, 0), 4, address_kind::special},
}};

address_kind kind_of_v4(std::uint32_t number) {
  for (const auto& range : v4_ranges) {
    if (((number ^ range.start) >> (32U - range.bits)) == 0) return range.kind;
  }
  return address_kind::global;
}

using v6_bytes = address_v6::bytes_type;

bool starts_with(const v6_bytes& bytes, std::initializer_list<unsigned> first) {
  std::size_t i = 0;
  for (const unsigned byte : first) {
    if (bytes[i++] != byte) return false;
  }
  return true;
}

std::uint32_t v4_at(const v6_bytes& bytes, std::size_t at) {
  return v4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

// The IPv4 address that a translator or the system makes of it.
std::optional<std::uint32_t> inside(const v6_bytes& b) {
  const bool mapped = starts_with(b, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff});
  const bool compatible = starts_with(b, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  const bool nat64 = starts_with(b, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0});
  if (mapped || compatible || nat64) return v4_at(b, 12);
  if (starts_with(b, {0x20, 0x02})) return v4_at(b, 2);  // 6to4
  return std::nullopt;
}

address_kind kind_of_v6(const address_v6& address) {
  if (address.is_loopback() || address.is_unspecified()) return address_kind::this_machine;
  const auto bytes = address.to_bytes();
  if (const auto number = inside(bytes)) return kind_of_v4(*number);
  if (starts_with(bytes, {0xfd, 0x00, 0x0e, 0xc2})) return address_kind::metadata;  // fd00:ec2::/32
  if ((bytes[0] & 0xfeU) == 0xfcU) return address_kind::private_use;
  if (bytes[0] == 0xfeU && (bytes[1] & 0x80U) != 0) {
    // fe80::/10; fec0::/10 is what came before fc00::/7.
    return (bytes[1] & 0x40U) == 0 ? address_kind::link_local : address_kind::private_use;
  }
  if (bytes[0] == 0xffU || starts_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) {
    return address_kind::special;
  }
  return address_kind::global;
}

}  // namespace

address_kind kind_of(const asio::ip::address& address) {
  return address.is_v4() ? kind_of_v4(address.to_v4().to_uint()) : kind_of_v6(address.to_v6());
}

std::string_view describe(address_kind kind) {
  switch (kind) {
    case address_kind::global:
      return "a global address";
    case address_kind::private_use:
      return "a private address";
    case address_kind::link_local:
      return "a link-local address";
    case address_kind::this_machine:
      return "loopback";
    case address_kind::metadata:
      return "a metadata address";
    case address_kind::special:
      break;
  }
  return "no address of a server";
}

address_check guard_job_data(std::function<bool(const destination&)> allowed) {
  return [allowed = std::move(allowed)](const destination& to, const asio::ip::address& address) {
    switch (kind_of(address)) {
      case address_kind::global:
        return true;
      case address_kind::private_use:
      case address_kind::link_local:
      case address_kind::this_machine:
        return allowed != nullptr && allowed(to);
      case address_kind::metadata:
      case address_kind::special:
        break;
    }
    return false;
  };
}

}  // namespace connector::http
