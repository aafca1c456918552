// Answers on the wire: the same bytes give the same answer however they are cut, within the limits.
#include "connector/http/response_parser.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace http = connector::http;

constexpr std::size_t max_header = 1024;
constexpr std::size_t max_body = 2048;

struct outcome {
  http::parse_state state = http::parse_state::more;
  bool keep_alive = false;
  int informational = 0;
  http::response got;
};

// `piece` bytes at a time, then the end of the stream.
outcome read(std::string_view bytes, std::size_t piece) {
  http::response_limits bounds;
  bounds.header_bytes = max_header;
  bounds.body_bytes = max_body;
  http::response_parser reading(bounds);
  outcome out;
  while (!bytes.empty() && out.state == http::parse_state::more) {
    out.state = reading.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (out.state == http::parse_state::more) out.state = reading.end_of_stream();
  out.informational = reading.informational();
  if (out.state != http::parse_state::done) return out;
  out.keep_alive = reading.keep_alive();
  out.got = reading.take();
  return out;
}

bool announces_a_body(const http::response& got) {
  const auto length = http::find_header(got.fields, "Content-Length");
  return (length && *length != "0") || http::find_header(got.fields, "Transfer-Encoding");
}

std::string run_http_answer(std::string_view bytes) {
  const auto whole = read(bytes, bytes.size() + 1);
  if (whole.state == http::parse_state::more) return "no verdict at the end of the stream";
  if (whole.got.body.size() > max_body) return "a body above the limit";
  if (whole.keep_alive && (whole.got.status == 204 || whole.got.status == 304) &&
      announces_a_body(whole.got)) {
    return "a connection is kept whose answer announces a body that it cannot have";
  }
  std::size_t header = 0;
  for (const auto& [name, value] : whole.got.fields) header += name.size() + value.size();
  if (header > max_header) return "headers above the limit";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const auto cut = read(bytes, piece);
    if (cut.state != whole.state) return "cut into pieces it is another verdict";
    if (cut.got.body != whole.got.body) return "cut into pieces it is another body";
    if (cut.got.fields != whole.got.fields) return "cut into pieces it has other headers";
    if (cut.got.status != whole.got.status) return "cut into pieces it is another status";
    if (cut.informational != whole.informational) return "cut into pieces it skips other answers";
  }
  return {};
}

}  // namespace

target http_answer() {
  target out{
      "HttpAnswer",
      run_http_answer,
      {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Amz-Executed-Version: $LATEST\r\n\r\nnull",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnull\r\n0\r\n\r\n",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
       "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK"
       "\r\nContent-Length: 4\r\n\r\nnull",
       "HTTP/1.1 103 Early Hints\r\nContent-Length: 4\r\n\r\nHTTP/1.1 102 Proc",
       "HTTP/1.0 200 OK\r\n\r\nuntil the end",
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
       "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
       "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
       "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
       "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnull\r\n0\r\n\r\n",
       "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nnull",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\"\"\r\nHTTP/1.1 200"},
      {"\r\n", "\n", "\r\n\r\n", ": ", "HTTP/1.1 ", "Content-Length: ", "chunked",
       "Transfer-Encoding: ", "Connection: close\r\n", "ffffffffffffffff\r\n", "0\r\n\r\n", ";x=y",
       " ", "\t", "\x80", "100", "200", "101"}};
  // Found: status line and fields below the limit each, above it together; a chunk extension above
  // it before a body that would allow it.
  out.seeds.push_back("HTTP/1.1 200 " + std::string(300, 'r') + "\r\n" + std::string(800, '9') +
                      ": 1\r\n\r\n");
  out.seeds.push_back(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=" + std::string(2500, 'e') +
      "\r\na\r\n400\r\n" + std::string(1024, 'b') + "\r\n0\r\n\r\n");
  // A chunk extension and trailers above the limit behind a body that would allow them.
  const std::string allows = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" +
                             std::string(1024, 'b') + "\r\n";
  out.seeds.push_back(allows + "1;x=" + std::string(1100, 'e') + "\r\na\r\n0\r\n\r\n");
  out.seeds.push_back(allows + "0\r\nT: " + std::string(1100, 't') + "\r\n\r\n");
  add_numbers(out.seeds, "HTTP/1.1 200 OK\r\nContent-Length: ", "\r\n\r\nnull");
  add_numbers(out.seeds, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
              "\r\nnull\r\n0\r\n\r\n");
  add_numbers(out.seeds, "HTTP/1.1 ", " OK\r\n\r\n");
  return out;
}

}  // namespace fuzz
