#include "connector/http/response_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "connector/http/response_framing.h"

namespace connector::http {
namespace {

namespace beast_http = boost::beast::http;
using beast_string = boost::beast::string_view;
using boost::system::error_code;

// Fills our own response while Beast reads: no copy of the fields, the body lands where it stays.
class parser final : public beast_http::basic_parser<false> {
 public:
  explicit parser(const response_limits& bounds) : body_limit_(bounds.body_bytes) {
    // Beast applies its limit to the status line and to the fields apart, so the same header passes
    // or fails by how it is cut. state::parse counts the bytes instead; Beast never sees more.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(bounds.body_bytes);
    skip(bounds.of_head);
  }

  response made;

  [[nodiscard]] bool header_complete() const { return header_complete_; }

 private:
  void on_request_impl(beast_http::verb, beast_string, beast_string, int, error_code&) override {}
  void on_response_impl(int code, beast_string, int, error_code& failed) override {
    if (code < 100) failed = beast_http::error::bad_status;
    made.status = code;
  }

  void on_field_impl(beast_http::field, beast_string name, beast_string value,
                     error_code&) override {
    // Beast reports trailers here too. The client asks for none, and they must not become headers.
    if (header_complete_) return;
    // Most answers have fewer.
    if (made.fields.empty()) made.fields.reserve(8);
    made.fields.emplace_back(std::string(name), std::string(value));
  }

  void on_header_impl(error_code& failed) override {
    header_complete_ = true;
    // Beast reads any list that ends with chunked, and everything else up to the end of the
    // connection: a packed or framed body would pass for the answer.
    if (!is_framing_known(made.fields)) failed = beast_http::error::bad_transfer_encoding;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // A length over the limit was refused before. A server may announce more than it sends: memory
    // is taken for the bytes that have arrived, and for a small body at once.
    if (length) announced_ = static_cast<std::size_t>(*length);
    made.body.reserve(std::min(announced_, small_body));
  }

  std::size_t on_body_impl(beast_string part, error_code& failed) override {
    if (part.size() > body_limit_ - made.body.size()) {
      failed = beast_http::error::body_limit;
      return 0;
    }
    // Doubled, as a string does it by itself, but never past what was announced.
    const std::size_t wanted = made.body.size() + part.size();
    if (wanted > made.body.capacity() && announced_ > wanted) {
      made.body.reserve(std::min(announced_, 2 * wanted));
    }
    made.body.append(part.data(), part.size());
    return part.size();
  }

  void on_chunk_header_impl(std::uint64_t, beast_string, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast_string part, error_code& failed) override {
    return on_body_impl(part, failed);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t body_limit_;
  std::size_t announced_ = 0;  // of the body, by its Content-Length; 0: unknown
  bool header_complete_ = false;
};

constexpr std::size_t least_of_chunks = std::string_view("0\r\n\r\n").size();

// Beast 1.81 takes for granted that the last chunk has five bytes when it looks at it again, so it
// gets the last chunk only when that many are there. Every chunk but the first comes after a CRLF.
bool may_be_start_of_last_chunk(std::string_view bytes) {
  return bytes.size() < least_of_chunks && (bytes.front() == '0' || bytes.front() == '\r');
}

bool starts_like_http(std::string_view bytes) {
  constexpr std::string_view start = "HTTP/1.";
  const std::size_t size = std::min(bytes.size(), start.size());
  return bytes.substr(0, size) == start.substr(0, size);
}

bool over_limit(const error_code& failed) {
  return failed == beast_http::error::header_limit || failed == beast_http::error::body_limit ||
         failed == beast_http::error::buffer_overflow;
}

}  // namespace

struct response_parser::state {
  explicit state(const response_limits& limits) : bounds(limits) { reading.emplace(limits); }

  parse_state fail(failure_kind kind, std::string text) {
    progress = parse_state::failed;
    failed_as = kind;
    why = std::move(text);
    return progress;
  }

  parse_state fail(const error_code& failed) {
    if (failed == beast_http::error::header_limit) return header_too_large();
    if (over_limit(failed)) {
      return fail(failure_kind::too_large, "the body is larger than the limit of " +
                                               std::to_string(bounds.body_bytes) + " bytes");
    }
    return fail(failure_kind::malformed, "the answer is not HTTP/1.1 (" + failed.message() + ")");
  }

  parse_state header_too_large() {
    return fail(failure_kind::header_limit, "the headers are larger than the limit of " +
                                                std::to_string(bounds.header_bytes) + " bytes");
  }

  parse_state framing_too_large() {
    return fail(failure_kind::header_limit, "chunk headers or trailers without end");
  }

  // Chunk headers, their extensions and trailers have no limit in Beast, which wants a chunk header
  // or all trailers in one piece. `line` bytes of such a piece have arrived, of which `unread` are
  // not consumed because it is not complete yet.
  bool framing_within_limits(std::size_t line, std::size_t unread) {
    if (!reading->is_header_done()) return true;  // parse() has the limit of the header
    const std::size_t body = reading->made.body.size();
    // Eight bytes of framing for each byte of body allow chunks of one byte.
    return line <= bounds.header_bytes &&
           (taken + unread - body) / 8 <= bounds.header_bytes / 4 + body;
  }

  // Consumes from `bytes`; what Beast wants to see again together with more stays in it. Beast is
  // not eager: it reads one element (header, chunk header, part of the body) a call, and the limits
  // are checked after each, so that the verdict does not depend on how the bytes were cut.
  parse_state parse(std::string_view& bytes) {
    while (!bytes.empty()) {
      // Beast waits for an empty line before it looks at what it could not read at once.
      if (reading->made.status == 0 && !starts_like_http(bytes)) {
        stray = taken == 0;
        return fail(failure_kind::malformed, "the answer is not HTTP/1.1");
      }
      if (reading->is_header_done() && reading->chunked() && may_be_start_of_last_chunk(bytes)) {
        return parse_state::more;
      }
      // Informational answers and the real one's header have header_bytes together.
      const auto shown =
          reading->is_header_done() ? bytes : bytes.substr(0, bounds.header_bytes - taken);
      const std::size_t body_before = reading->made.body.size();
      error_code failed;
      const std::size_t used =
          reading->put(boost::asio::const_buffer(shown.data(), shown.size()), failed);
      const bool all_shown = shown.size() == bytes.size();
      bytes.remove_prefix(used);
      taken += used;
      if (failed == beast_http::error::need_more) {
        return all_shown ? parse_state::more : header_too_large();
      }
      if (failed) return fail(failed);
      const std::size_t line = used - (reading->made.body.size() - body_before);
      if (!framing_within_limits(line, 0)) return framing_too_large();
      if (reading->is_done()) {
        if (!next_after_informational(bytes)) return progress;
      } else if (used == 0) {
        return fail(failure_kind::malformed, "the answer is not HTTP/1.1");
      }
    }
    return parse_state::more;
  }

  // False: this answer was the real one (or one too many).
  bool next_after_informational(std::string_view rest) {
    const int status = reading->made.status;
    if (status == 101) {
      fail(failure_kind::malformed,
           "the server switched to a protocol that the request did not ask for");
      return false;
    }
    if (status >= 200 || status < 100) {
      progress = parse_state::done;
      surplus = !rest.empty();
      body_may_follow = announces_missing_body(reading->made);
      return false;
    }
    if (++informational > bounds.informational) {
      fail(failure_kind::malformed, "more than " + std::to_string(bounds.informational) +
                                        " informational answers before the real one");
      return false;
    }
    reading.emplace(bounds);
    return true;
  }

  const response_limits bounds;
  std::optional<parser> reading;
  std::string pending;    // an unfinished line or header block
  std::size_t taken = 0;  // bytes consumed so far, informational answers included
  int informational = 0;
  bool surplus = false;
  bool body_may_follow = false;
  bool stray = false;
  parse_state progress = parse_state::more;
  failure_kind failed_as = failure_kind::malformed;
  std::string why;
};

response_parser::response_parser(const response_limits& bounds)
    : state_(std::make_unique<state>(bounds)) {}
response_parser::~response_parser() = default;

parse_state response_parser::feed(std::string_view bytes) {
  state& s = *state_;
  if (s.progress != parse_state::more) return s.progress;
  if (s.pending.empty()) {
    s.progress = s.parse(bytes);
    if (s.progress == parse_state::more) s.pending.assign(bytes);
  } else {
    s.pending.append(bytes);
    std::string_view all = s.pending;
    s.progress = s.parse(all);
    s.pending.erase(0, s.pending.size() - all.size());
  }
  // Fewer bytes than the last chunk has may be the body's.
  const std::size_t unread = s.pending.size() < least_of_chunks ? 0 : s.pending.size();
  if (s.progress == parse_state::more && !s.framing_within_limits(unread, unread)) {
    return s.framing_too_large();
  }
  return s.progress;
}

parse_state response_parser::end_of_stream() {
  state& s = *state_;
  if (s.progress != parse_state::more) return s.progress;
  if (!s.reading->got_some() && s.pending.empty()) {
    return s.fail(failure_kind::read, "the server closed the connection without an answer");
  }
  error_code failed = beast_http::error::partial_message;
  if (s.reading->got_some()) s.reading->put_eof(failed);
  if (failed) {
    return s.fail(failure_kind::read,
                  "the server closed the connection in the middle of its answer");
  }
  return s.progress = parse_state::done;
}

bool response_parser::begun() const {
  return state_->reading->got_some() || !state_->pending.empty();
}

int response_parser::informational() const { return state_->informational; }

std::optional<response> response_parser::head() const {
  const state& s = *state_;
  const bool failed = s.progress == parse_state::failed;
  if (failed && s.failed_as == failure_kind::malformed) return std::nullopt;
  // Beast compares the announced length with the limit before it reports the end of the header.
  const bool too_long = failed && s.failed_as == failure_kind::too_large;
  const auto& made = s.reading->made;
  if (made.status < 200 || (!too_long && !s.reading->header_complete())) return std::nullopt;
  response out;
  out.status = made.status;
  out.fields = made.fields;
  return out;
}

std::size_t response_parser::body_bytes() const { return state_->reading->made.body.size(); }

failure_kind response_parser::kind() const { return state_->failed_as; }
const std::string& response_parser::reason() const { return state_->why; }

bool response_parser::keep_alive() const {
  const state& s = *state_;
  return !s.surplus && !s.body_may_follow && s.reading->keep_alive();
}

bool response_parser::surplus() const { return state_->surplus; }

bool response_parser::stray() const { return state_->stray; }

response response_parser::take() { return std::move(state_->reading->made); }

}  // namespace connector::http
