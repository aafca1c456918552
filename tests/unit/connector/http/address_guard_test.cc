// Which addresses a request may go to.
#include "connector/http/address_guard.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

namespace asio = boost::asio;

address_kind kind(const char* text) { return kind_of(asio::ip::make_address(text)); }

TEST(AddressGuard, KnowsWhereCloudsHandOutCredentials) {
  for (const char* text :
       {"169.254.169.254", "169.254.169.253", "169.254.170.2", "169.254.170.23", "fd00:ec2::254",
        "fd00:ec2::23", "100.100.100.200", "168.63.129.16", "192.0.0.192"}) {
    EXPECT_EQ(kind(text), address_kind::metadata) << text;
  }
}

TEST(AddressGuard, SortsTheRestByRange) {
  const std::vector<std::pair<const char*, address_kind>> rows = {
      {"8.8.8.8", address_kind::global},         {"2600:1f00::1", address_kind::global},
      {"172.15.255.255", address_kind::global},  {"172.32.0.0", address_kind::global},
      {"128.0.0.0", address_kind::global},       {"169.253.255.255", address_kind::global},
      {"100.63.255.255", address_kind::global},  {"100.128.0.0", address_kind::global},
      {"10.0.0.1", address_kind::private_use},   {"172.16.0.0", address_kind::private_use},
      {"172.31.9.9", address_kind::private_use}, {"192.168.1.1", address_kind::private_use},
      {"100.64.0.1", address_kind::private_use}, {"fd12:3456::1", address_kind::private_use},
      {"fc00::1", address_kind::private_use},    {"fec0::1", address_kind::private_use},
      {"169.254.1.1", address_kind::link_local}, {"169.254.171.1", address_kind::link_local},
      {"fe80::1", address_kind::link_local},     {"febf::1", address_kind::link_local},
      {"127.0.0.1", address_kind::this_machine}, {"127.255.1.1", address_kind::this_machine},
      {"0.0.0.0", address_kind::this_machine},   {"0.1.2.3", address_kind::this_machine},
      {"::1", address_kind::this_machine},       {"::", address_kind::this_machine},
      {"224.0.0.1", address_kind::special},      {"255.255.255.255", address_kind::special},
      {"ff02::1", address_kind::special},        {"2001:db8::1", address_kind::special},
      {"192.0.2.7", address_kind::special},      {"198.19.0.1", address_kind::special},
  };
  for (const auto& [text, want] : rows) EXPECT_EQ(kind(text), want) << text;
}

TEST(AddressGuard, LooksIntoAddressesThatHoldAnother) {
  for (const char* text : {"::ffff:169.254.169.254", "::169.254.169.254",
                           "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1"}) {
    EXPECT_EQ(kind(text), address_kind::metadata) << text;
  }
  EXPECT_EQ(kind("::ffff:127.0.0.1"), address_kind::this_machine);
  EXPECT_EQ(kind("::ffff:8.8.8.8"), address_kind::global);
}

TEST(AddressGuard, MetadataIsNeverReachedWhateverIsAllowed) {
  const auto all = guard_job_data([](const destination&) { return true; });
  const auto none = guard_job_data([](const destination&) { return false; });
  const auto unset = guard_job_data(nullptr);
  const destination to{true, "any.example", 443};
  const auto may = [&to](const address_check& guard, const char* text) {
    return guard(to, asio::ip::make_address(text));
  };
  for (const char* text : {"169.254.169.254", "fd00:ec2::254", "169.254.170.2", "224.0.0.1"}) {
    EXPECT_FALSE(may(all, text)) << text;
    EXPECT_FALSE(may(none, text)) << text;
  }
  for (const char* text : {"127.0.0.1", "10.1.2.3", "169.254.171.1", "::1", "fe80::1"}) {
    EXPECT_TRUE(may(all, text)) << text;
    EXPECT_FALSE(may(none, text)) << text;
    EXPECT_FALSE(may(unset, text)) << text;
  }
  EXPECT_TRUE(may(none, "52.94.1.1"));
  EXPECT_TRUE(may(unset, "2600:1f00::1"));
}

class AddressGuardedClient : public HttpTest {};

TEST_F(AddressGuardedClient, AMetadataAddressIsRefusedAlsoByProxy) {
  script::server by([](script::peer& here) { here.wait_for_end(); });
  go_through(by.port());
  settings_.may_connect = guard_job_data([](const destination&) { return true; });
  for (const bool tls : {false, true}) {
    const auto got = send(post({tls, "169.254.169.254", 80}));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, failure_kind::address_refused);
    EXPECT_EQ(got.error().message,
              "169.254.169.254 is not connected to: 169.254.169.254 is a metadata address, which "
              "no setting allows");
  }
  EXPECT_EQ(by.connections(), 0U);
}

TEST_F(AddressGuardedClient, AnAddressThatTheOperatorCouldAllowIsSaidSo) {
  script::server server([](script::peer& here) { here.wait_for_end(); });
  settings_.may_connect = guard_job_data(nullptr);
  const auto got = send(post(server.address()));
  ASSERT_FALSE(got);
  EXPECT_EQ(
      got.error().message,
      "127.0.0.1 is not connected to: 127.0.0.1 is loopback, and the allow-list ALLOWED_HOSTS "
      "of this worker does not name this host without *");
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace connector::http
