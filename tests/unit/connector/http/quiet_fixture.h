// Servers that send more than their answer, in each of the ways in which a client reaches a server.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {

inline const std::string surplus = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nSURPLUS";

enum class way { plain, tls, tunnel };

class HttpQuietTest : public HttpTest, public testing::WithParamInterface<way> {
 public:
  ~HttpQuietTest() override { std::filesystem::remove(bundle_); }

 protected:
  using place = std::shared_ptr<std::optional<result<response>>>;

  static std::string answer_of(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  // An answer that fills what the client reads at a time, so that what is behind it is not read
  // with it; it begins with `start`.
  static std::string one_read(const std::string& start) {
    const std::size_t head = answer_of(std::string(16'000, 'x')).size() - 16'000;
    std::string body = start;
    body.resize(16UL * 1024 - head, '.');
    return answer_of(body);
  }

  static std::string body_in(const std::string& request) {
    return request.substr(request.find("\r\n\r\n") + 4);
  }

  HttpQuietTest() {
    bundle_ = std::filesystem::temp_directory_path() /
              ("http_quiet_test." + std::to_string(::getpid()) + ".pem");
    sandbox::write_file(bundle_, authority_.root_pem());
    settings_.ca_bundle = bundle_;
    settings_.idle_close = std::chrono::minutes(1);
  }

  // What a script does before its first request.
  static bool ready(script::peer& here) { return GetParam() != way::tunnel || here.open_tunnel(); }

  script::options options() {
    script::options how;
    how.tls = GetParam() != way::plain;
    how.handshake = GetParam() == way::tls;
    const auto certificate = authority_.issue();
    how.chain = certificate.chain;
    how.key = certificate.key;
    return how;
  }

  destination reach(const script::server& server) {
    if (GetParam() == way::tunnel) go_through(server.port());
    return {GetParam() != way::plain, "localhost", server.port()};
  }

  bool wait_for(const std::vector<place>& all) {
    return run_until([&] {
      return std::all_of(all.begin(), all.end(), [](const place& one) { return one->has_value(); });
    });
  }

  // The second request waits for the one connection, which the first has.
  std::pair<place, place> ask_twice(const script::server& server, script::event& first_asked,
                                    script::event& second_waits) {
    settings_.connections_per_destination = 1;
    const destination to = reach(server);
    const place first = start(post(to, "first"));
    EXPECT_TRUE(run_until([&] { return first_asked.is_set(); }));
    const place second = start(post(to, "second"));
    while (loop_.poll() > 0) {
    }
    second_waits.set();
    return {first, second};
  }

  // `send` answers the first of two.
  void waiter_gets_its_own(const std::function<void(script::peer&)>& send) {
    script::event first_asked;
    script::event second_waits;
    script::event answered;
    script::server server(
        [&](script::peer& here) {
          if (!ready(here)) return;
          if (here.number > 0) {
            while (auto got = here.request()) here.answer(body_in(*got));
            return;
          }
          here.request();
          first_asked.set();
          second_waits.wait();
          send(here);
          here.settle();
          answered.set();
          if (here.request()) here.answer("an answer on the poisoned connection");
          here.wait_for_end();
        },
        options());
    const auto [first, second] = ask_twice(server, first_asked, second_waits);
    ASSERT_TRUE(answered.wait());
    ASSERT_TRUE(wait_for({first, second}));
    EXPECT_THAT(body_of(**first), testing::StartsWith("first"));
    EXPECT_EQ(body_of(**second), "second");
    EXPECT_EQ(server.connections(), 2U);
  }

  sandbox::certificate_authority authority_;

 private:
  std::filesystem::path bundle_;
};

}  // namespace connector::http
