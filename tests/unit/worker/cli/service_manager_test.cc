#include "worker/cli/service_manager.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace worker::cli {
namespace {

using namespace std::chrono_literals;

// A manager's socket: bound to a path in a folder of its own.
class manager_socket {
 public:
  manager_socket() {
    auto folder = (std::filesystem::temp_directory_path() / "notify-XXXXXX").string();
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~manager_socket() {
    close(socket_);
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::string path() const { return folder_ + "/socket"; }
  // The next datagram, or nothing after ten seconds.
  [[nodiscard]] std::string next(int within_ms = 10000) const {
    pollfd one{socket_, POLLIN, 0};
    if (poll(&one, 1, within_ms) != 1) return {};
    char text[256];
    const auto size = recv(socket_, text, sizeof text, 0);
    return size < 0 ? std::string() : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  std::string folder_;
  int socket_ = -1;
};

TEST(ServiceManager, IsToldWhenTheServiceHasStartedAndWhenItStops) {
  const manager_socket systemd;
  const service_manager manager(systemd.path(), "");
  manager.started();
  EXPECT_EQ(systemd.next(), "READY=1");
  manager.stopping();
  EXPECT_EQ(systemd.next(), "STOPPING=1");
}

TEST(ServiceManager, IsShownThatTheLoopMakesProgress) {
  // given
  const manager_socket systemd;
  const service_manager manager(systemd.path(), "2000");
  boost::asio::io_context loop(1);
  boost::asio::cancellation_signal end;
  bool ended = false;

  // when
  co_spawn(loop, manager.beat(),
           bind_cancellation_slot(end.slot(), [&](const std::exception_ptr&) { ended = true; }));
  std::string first;
  std::string second;
  while (second.empty() && loop.run_one_for(10s) == 1) {
    (first.empty() ? first : second) = systemd.next(0);
  }
  end.emit(boost::asio::cancellation_type::terminal);
  loop.run_for(10s);

  // then
  EXPECT_EQ(first, "WATCHDOG=1");
  EXPECT_EQ(second, "WATCHDOG=1");
  EXPECT_TRUE(ended);
}

TEST(ServiceManager, WithoutAWatchdogTheBeatEndsAtOnce) {
  const manager_socket systemd;
  boost::asio::io_context loop(1);
  for (const auto* text : {"", "0", "-5", "soon", "99999999999999999999", "5000000x"}) {
    const service_manager manager(systemd.path(), text);
    EXPECT_EQ(manager.watchdog(), 0us) << text;
    bool ended = false;
    co_spawn(loop, manager.beat(), [&](const std::exception_ptr&) { ended = true; });
    loop.restart();
    loop.run_for(10s);
    EXPECT_TRUE(ended) << text;
  }
  EXPECT_EQ(systemd.next(0), "");
}

TEST(ServiceManager, ASocketThatIsNotThereIsNoHarm) {
  for (const auto& name : {std::string(), std::string("relative"), std::string("/no/such/socket"),
                           "/" + std::string(200, 'a'), std::string("@")}) {
    const service_manager manager(name, "1000");
    manager.started();
    manager.stopping();
  }
}

TEST(ServiceManager, ItsSocketMayHaveANameInsteadOfAPath) {
  // given
  const std::string name = "lambda-connector-test-" + std::to_string(getpid());
  const int listening = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, sizeof address.sun_path - 2);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  ASSERT_EQ(bind(listening, reinterpret_cast<const sockaddr*>(&address), size), 0);

  // when
  service_manager("@" + name, "").started();

  // then
  char text[16] = {};
  EXPECT_EQ(recv(listening, text, sizeof text, MSG_DONTWAIT), 7);
  EXPECT_STREQ(text, "READY=1");
  close(listening);
}

}  // namespace
}  // namespace worker::cli
