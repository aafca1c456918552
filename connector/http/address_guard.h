// The kinds of addresses, and which of them a request may go to. A name in job data can
// resolve to anything, so the address is judged, not the name, and then connected to as judged.
// Pure functions; the guard is a plain value that keeps what it was given.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <functional>
#include <string_view>

#include "connector/http/message.h"

namespace connector::http {

enum class address_kind {
  global,        // the internet, as far as its number says
  private_use,   // RFC 1918, RFC 6598, RFC 4193: a VPC's interface endpoints are found here too
  link_local,    // 169.254/16, fe80::/10
  this_machine,  // 127/8 and ::1, and 0/8 and ::, which lead there on Linux
  metadata,      // where clouds hand out credentials: EC2, ECS, EKS (IPv4, IPv6), others' as well
  special,       // multicast, reserved, documentation: no server can be there
};

// IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4) is judged as the IPv4 address that it is.
address_kind kind_of(const boost::asio::ip::address& address);

// "a metadata address", "loopback": for messages.
std::string_view describe(address_kind kind);

// For client_settings::may_connect.
using address_check = std::function<bool(const destination&, const boost::asio::ip::address&)>;

// The guard of the client whose destinations may come from job data. Metadata and special addresses
// are never reached, whatever is allowed; private, link-local and local ones only by
// destinations that `allowed` says yes to; global ones by all.
address_check guard_job_data(std::function<bool(const destination&)> allowed);

}  // namespace connector::http
