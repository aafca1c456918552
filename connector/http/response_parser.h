// Parses one HTTP response from the bytes of a connection, within limits. No socket, no clock: the
// verdict depends on the bytes alone, not on how they were cut. One object per exchange; one
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace connector::http {

struct response_limits {
  std::size_t header_bytes = 64 * 1024;  // status line, fields and informational answers together
  std::size_t body_bytes = 8 * 1024 * 1024;
  int informational = 8;  // 1xx answers before the real one (RFC 9110 15.2)
  bool of_head = false;   // the request was HEAD: no body follows whatever the fields say
};

// Bodies up to this size are not charged to the response budget.
inline constexpr std::size_t small_body = 64 * 1024;

enum class parse_state {
  more,    // not complete yet
  done,    // complete: take()
  failed,  // it is not a response, or over a limit: kind() and reason()
};

class response_parser {
 public:
  explicit response_parser(const response_limits& bounds);
  ~response_parser();
  response_parser(const response_parser&) = delete;
  response_parser& operator=(const response_parser&) = delete;

  // The next bytes. After `done` or `failed` they are ignored.
  parse_state feed(std::string_view bytes);
  // The server closed its side in an orderly way.
  parse_state end_of_stream();

  // Bytes of the body that have arrived.
  [[nodiscard]] std::size_t body_bytes() const;

  // A byte has arrived that may be of the final response: whole informational responses (1xx) do
  // not count.
  [[nodiscard]] bool begun() const;
  // How many of these were skipped.
  [[nodiscard]] int informational() const;

  // After `failed`: malformed, too_large, header_limit, or read for an answer that was cut off; and
  // a text without any byte of the answer.
  [[nodiscard]] failure_kind kind() const;
  [[nodiscard]] const std::string& reason() const;
  // The very first bytes were none of an answer.
  [[nodiscard]] bool stray() const;

  // Status and headers of the final response without its body, when all of them have arrived.
  // Nothing before that, and for bytes that are no response.
  [[nodiscard]] std::optional<response> head() const;

  // After `done`: whether another request may follow on this connection; not when the response
  // announces a body that it cannot have. surplus(): bytes followed the response; then keep_alive()
  // is false.
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool surplus() const;
  [[nodiscard]] response take();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace connector::http
