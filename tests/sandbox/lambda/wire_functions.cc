#include "tests/sandbox/lambda/fields.h"
#include "tests/sandbox/lambda/functions.h"

namespace sandbox {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t for_ever = 1000000000;
constexpr std::size_t max_steps = 64 * 1024;

std::string ok_head(const header_list& headers) {
  header_list all{{"Content-Type", "application/json"}, {"X-Amz-Executed-Version", "$LATEST"}};
  all.insert(all.end(), headers.begin(), headers.end());
  return wire::head("HTTP/1.1 200 OK", all);
}

std::string good(const std::string& body) {
  return ok_head({{"Content-Length", std::to_string(body.size())}}) + body;
}

function play(wire_script script) {
  return [script = std::move(script)](const invocation&) {
    answer out;
    out.wire = script;
    return out;
  };
}

// A good answer, one byte each `ms` (default 20).
answer slow_answer(const invocation& call) {
  const auto interval = fields(call.payload).number("ms", 20, 60000);
  std::string body = call.payload.empty() ? "null" : call.payload;
  body.resize(std::min(body.size(), max_steps));
  answer out;
  out.wire = wire::drip(good(body), milliseconds(interval));
  out.wire.push_back(wire::next());
  return out;
}

// A JSON string of `bytes` (default 100 MB), made while it is sent.
answer huge_body(const invocation& call) {
  constexpr std::size_t block = 64 * 1024;
  const auto bytes = fields(call.payload).number("bytes", 100 * 1000 * 1000, 4000000000);
  const std::size_t blocks = bytes / block + 1;
  answer out;
  out.wire = {wire::send(ok_head({{"Content-Length", std::to_string(blocks * block + 2)}}) + '"'),
              wire::repeat(std::string(block, 'x'), blocks), wire::send("\""), wire::next()};
  return out;
}

wire_script one_x_x_storm(std::size_t times) {
  return {wire::repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", times),
          wire::send(good("{}")), wire::next()};
}

}  // namespace

named_functions wire_functions() {
  using wire::close;
  using wire::cut;
  using wire::hang;
  using wire::next;
  using wire::repeat;
  using wire::reset;
  using wire::send;
  const std::string chunked = ok_head({{"Transfer-Encoding", "chunked"}});
  const std::string body = R"({"text":"half of this body is missing"})";
  return {
      {"wire-short-length", play({send(ok_head({{"Content-Length", "5"}}) + body), next()})},
      {"wire-long-length", play({send(ok_head({{"Content-Length", "500"}}) + body), close()})},
      {"wire-two-lengths",
       play({send(ok_head({{"Content-Length", "2"}, {"Content-Length", "39"}}) + body), close()})},
      {"wire-length-and-chunked",
       play({send(ok_head({{"Content-Length", "2"}, {"Transfer-Encoding", "chunked"}}) +
                  "2\r\n{}\r\n0\r\n\r\n"),
             close()})},
      {"wire-bad-length", play({send(ok_head({{"Content-Length", "-1"}}) + body), close()})},
      {"wire-no-length", play({send(ok_head({}) + body), close()})},
      {"wire-bad-chunk", play({send(chunked + "zz\r\n" + body + "\r\n0\r\n\r\n"), close()})},
      {"wire-huge-chunk", play({send(chunked + "FFFFFFFFFFFFFFFF1\r\n" + body), close()})},
      {"wire-half-chunks", play({send(chunked + "5\r\n{\"a\":\r\n"), close()})},
      {"wire-trailers",
       play({send(chunked + "4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\nX-Late: yes\r\n\r\n"), next()})},
      {"wire-endless-headers",
       play({send("HTTP/1.1 200 OK\r\n"), repeat("X-Filler: 0123456789abcdef\r\n", for_ever)})},
      {"wire-huge-header",
       play({send("HTTP/1.1 200 OK\r\nX-Filler: "), repeat(std::string(4096, 'h'), for_ever)})},
      {"wire-huge-body", huge_body},
      {"wire-endless-body", play({send(chunked), repeat("4\r\naaaa\r\n", for_ever)})},
      {"wire-slow", slow_answer},
      {"wire-close", play({close()})},
      {"wire-cut", play({cut()})},
      {"wire-reset", play({reset()})},
      {"wire-half-head", play({send("HTTP/1.1 200 OK\r\nContent-Le"), close()})},
      {"wire-half-body",
       play({send(ok_head({{"Content-Length", "39"}}) + body.substr(0, 19)), close()})},
      {"wire-half-body-cut",
       play({send(ok_head({{"Content-Length", "39"}}) + body.substr(0, 19)), cut()})},
      {"wire-half-body-reset", play({send(ok_head({{"Content-Length", "39"}}) + body.substr(0, 19)),
                                     wire::pause(milliseconds(20)), reset()})},
      {"wire-hang", play({hang()})},
      {"wire-hang-body", play({send(ok_head({{"Content-Length", "39"}})), hang()})},
      {"wire-http10",
       play({send("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"old\":true}"),
             close()})},
      {"wire-garbage",
       play({send(std::string("\x16\x03\x01\0SSH-2.0-no http here\r\n\r\n", 28)), close()})},
      {"wire-1xx", play(one_x_x_storm(3))},
      {"wire-1xx-storm", play(one_x_x_storm(for_ever))},
      {"wire-204-body",
       play({send("HTTP/1.1 204 No Content\r\nContent-Length: 39\r\n\r\n" + body), next()})},
      {"wire-redirect",
       play({send(wire::head("HTTP/1.1 302 Found", {{"Location", "https://elsewhere.example/"},
                                                    {"Content-Length", "0"}})),
             next()})},
      {"wire-two-answers", play({send(good("{\"n\":1}") + good("{\"n\":2}")), next()})},
      {"wire-close-after", play({send(good("{}")), close()})},
      {"wire-reset-after", play({send(good("{}")), wire::pause(milliseconds(20)), reset()})},
  };
}

}  // namespace sandbox
