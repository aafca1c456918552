// From a name to a connection: several addresses, dead ones, IPv6, addresses that are not allowed.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

namespace asio = boost::asio;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

void echo_bytes(script::peer& here) {
  while (auto got = here.request()) here.answer(got->substr(got->find("\r\n\r\n") + 4));
}

// A resolver that knows one answer, and counts.
struct known_names {
  std::shared_ptr<int> asked = std::make_shared<int>(0);
  result<addresses> answer = addresses{};

  asio::awaitable<result<addresses>> operator()(std::string) const {
    ++*asked;
    auto copy = answer;
    co_return copy;
  }
};

known_names leads_to(std::initializer_list<const char*> literals) {
  addresses all;
  for (const char* one : literals) all.push_back(asio::ip::make_address(one));
  known_names names;
  names.answer = all;
  return names;
}

class HttpOpenerTest : public HttpTest {};

TEST_F(HttpOpenerTest, TheNextAddressIsTriedWhenOneIsDead) {
  // 127.0.0.2 is this machine too, but no program listens there.
  settings_.names = leads_to({"127.0.0.2", "127.0.0.1"});
  script::server server(echo_bytes);
  EXPECT_EQ(body_of(send(post(server.named("two.example"), "x"))), "x");
  EXPECT_EQ(http().count().connections_opened, 1U);
  EXPECT_EQ(http().count().connections_failed, 0U);
}

std::vector<std::string> turns_of(std::initializer_list<const char*> literals) {
  std::vector<std::string> out;
  for (const auto& one : in_turns(*leads_to(literals).answer)) out.push_back(one.to_string());
  return out;
}

TEST(AddressOrder, FamiliesTakeTurnsBeginningWithThePreferredOne) {
  EXPECT_THAT(turns_of({"::1", "::2", "::3", "1.0.0.1", "1.0.0.2"}),
              ElementsAre("::1", "1.0.0.1", "::2", "1.0.0.2", "::3"));
  EXPECT_THAT(turns_of({"1.0.0.1", "1.0.0.2", "::1"}), ElementsAre("1.0.0.1", "::1", "1.0.0.2"));
  EXPECT_THAT(turns_of({"1.0.0.1", "1.0.0.1"}), ElementsAre("1.0.0.1"));
  EXPECT_THAT(turns_of({}), ElementsAre());
}

TEST(AddressOrder, ManyOfOneFamilyDoNotCrowdOutTheOther) {
  addresses many;
  for (int i = 1; i <= 100; ++i)
    many.push_back(asio::ip::make_address("10.0.0." + std::to_string(i)));
  many.push_back(asio::ip::make_address("::1"));
  const addresses turns = in_turns(many);
  EXPECT_EQ(turns.size(), 16U);
  EXPECT_EQ(turns[1].to_string(), "::1");
}

// An address that answers nothing at all, as a host behind a dead link: its backlog is full.
class silent_address {
 public:
  silent_address(asio::io_context& loop, const char* literal, std::uint16_t port)
      : at_(asio::ip::make_address(literal), port), listener_(loop, at_.protocol()) {
    listener_.set_option(asio::socket_base::reuse_address(true));
    listener_.bind(at_);
    listener_.listen(0);
    for (int i = 0; i < 4; ++i) {
      fill_.emplace_back(loop, at_.protocol());
      fill_.back().native_non_blocking(true);
      // Asio's own connect would wait.
      EXPECT_LE(
          ::connect(fill_.back().native_handle(), at_.data(), static_cast<socklen_t>(at_.size())),
          0);
    }
  }

 private:
  asio::ip::tcp::endpoint at_;
  asio::ip::tcp::acceptor listener_;
  std::vector<asio::ip::tcp::socket> fill_;
};

TEST_F(HttpOpenerTest, AnAddressThatIsSilentCostsItsLimitOnce) {
  settings_.names = leads_to({"127.0.0.2", "127.0.0.1"});
  script::server server(echo_bytes);
  const silent_address dead(loop_, "127.0.0.2", server.port());
  limits bounds = patient();
  bounds.connect = std::chrono::milliseconds(200);
  const auto begin = boot_clock::now();
  EXPECT_EQ(body_of(send(post(server.named("two.example"), "x"), bounds)), "x");
  EXPECT_GE(boot_clock::now() - begin, bounds.connect);
  // The next connection begins with the address that worked.
  http().close_idle();
  bounds.connect = std::chrono::seconds(20);
  bounds.end = boot_clock::now() + std::chrono::seconds(10);
  EXPECT_EQ(body_of(send(post(server.named("two.example"), "y"), bounds)), "y");
  EXPECT_EQ(http().count().connections_opened, 2U);
}

TEST_F(HttpOpenerTest, EveryAddressIsNamedWhenAllAreDead) {
  destination nobody;
  {
    script::server gone([](script::peer&) {});
    nobody = gone.named("two.example");
  }
  settings_.names = leads_to({"127.0.0.2", "127.0.0.3"});
  const auto got = send(post(nobody));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::connect);
  EXPECT_THAT(got.error().message,
              AllOf(HasSubstr("two.example"), HasSubstr("127.0.0.2: Connection refused"),
                    HasSubstr("127.0.0.3: Connection refused")));
}

TEST_F(HttpOpenerTest, Ipv6LiteralsAreConnectedTo) {
  script::options how;
  how.ipv6 = true;
  script::server server(echo_bytes, how);
  EXPECT_EQ(body_of(send(post(server.address(), "six"))), "six");
}

TEST_F(HttpOpenerTest, Ipv6IsTriedBesideIpv4) {
  settings_.names = leads_to({"::1", "127.0.0.1"});
  script::server server(echo_bytes);
  EXPECT_EQ(body_of(send(post(server.named("both.example"), "four"))), "four");
}

TEST_F(HttpOpenerTest, LocalhostIsFoundByTheSystem) {
  script::server server(echo_bytes);
  EXPECT_EQ(body_of(send(post(server.named("localhost"), "x"))), "x");
}

TEST_F(HttpOpenerTest, ANameThatLeadsNowhereIsSaid) {
  known_names names;
  names.answer = failure{failure_kind::resolve, request_progress::nothing_sent, "no such host"};
  settings_.names = names;
  const auto got = send(post({false, "nowhere.invalid", 80}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::resolve);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  settings_.names = known_names();
  drop_client();
  const auto empty = send(post({false, "nowhere.invalid", 80}));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().kind, failure_kind::resolve);
  EXPECT_THAT(empty.error().message, HasSubstr("nowhere.invalid"));
}

TEST_F(HttpOpenerTest, ManyConnectionsShareOneLookUp) {
  const known_names names = leads_to({"127.0.0.1"});
  settings_.names = names;
  script::server server(echo_bytes);
  std::vector<std::shared_ptr<std::optional<result<response>>>> all;
  for (int i = 0; i < 30; ++i) all.push_back(start(post(server.named("a.example"))));
  ASSERT_TRUE(run_until([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return one->has_value(); });
  }));
  EXPECT_EQ(*names.asked, 1);
}

// Never comes back.
asio::awaitable<result<addresses>> silent_names(std::string) {
  asio::steady_timer never(co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
  co_return addresses{};
}

TEST_F(HttpOpenerTest, ASilentResolverHasALimit) {
  settings_.names = silent_names;
  limits bounds = patient();
  bounds.handshake = std::chrono::milliseconds(50);
  const auto got = send(post({false, "slow.example", 80}), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::resolve);
  EXPECT_THAT(got.error().message, AllOf(HasSubstr("slow.example"), HasSubstr("50 ms")));
}

TEST_F(HttpOpenerTest, ASilentNameThatNothingWaitsForKeepsNoLoopRunning) {
  settings_.names = silent_names;
  limits bounds = patient();
  bounds.handshake = std::chrono::hours(1);
  bounds.end = boot_clock::now() + std::chrono::milliseconds(50);
  const auto got = send(post({false, "slow.example", 80}), bounds);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::timeout);
  http().close_idle();
  work_.reset();
  loop_.restart();
  loop_.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(loop_.stopped());  // it ran out of work, not out of time
}

TEST_F(HttpOpenerTest, AddressesThatAreNotAllowedAreNotConnectedTo) {
  settings_.names = leads_to({"127.0.0.1", "127.0.0.2"});
  settings_.may_connect = [](const destination& to, const asio::ip::address& address) {
    return to.host == "allowed.example" || !address.is_loopback();
  };
  script::server server(echo_bytes);
  const auto got = send(post(server.named("rebound.example")));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::address_refused);
  EXPECT_EQ(got.error().progress, request_progress::nothing_sent);
  EXPECT_EQ(server.connections(), 0U);
  const auto literal = send(post(server.address()));
  ASSERT_FALSE(literal);
  EXPECT_EQ(server.connections(), 0U);
  EXPECT_EQ(body_of(send(post(server.named("allowed.example"), "x"))), "x");
}

}  // namespace
}  // namespace connector::http
