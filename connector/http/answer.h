// Puts an answer together from the bytes of a connection, within limits. No socket, no clock: the
// same bytes give the same answer however they are cut. One object per exchange; any one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace connector::http {

struct answer_limits {
  std::size_t header_bytes = 64 * 1024;  // status line, fields and informational answers together
  std::size_t body_bytes = 8 * 1024 * 1024;
  int informational = 8;  // 1xx answers before the real one (RFC 9110 15.2)
  bool of_head = false;   // the request was HEAD: no body follows whatever the fields say
};

// Up to here nobody minds.
inline constexpr std::size_t small_answer = 64 * 1024;

enum class answer_state {
  more,    // not complete yet
  done,    // complete: take()
  failed,  // never will be: kind() and reason()
};

class answer {
 public:
  explicit answer(const answer_limits& bounds);
  ~answer();
  answer(const answer&) = delete;
  answer& operator=(const answer&) = delete;

  // What came next. After `done` or `failed` further bytes are not looked at.
  answer_state feed(std::string_view bytes);
  // The server closed its side in an orderly way.
  answer_state end_of_stream();

  // How much of its body has arrived.
  [[nodiscard]] std::size_t body_bytes() const;

  // A byte of the real answer is here; informational ones do not count.
  [[nodiscard]] bool begun() const;

  // After `failed`: malformed, too_large, endless, or read for an answer that was cut off; and a
  // text without any byte of the answer.
  [[nodiscard]] failure_kind kind() const;
  [[nodiscard]] const std::string& reason() const;

  // After `done`: whether another request may follow on this connection. False too when bytes came
  // behind the answer, which surplus() tells.
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool surplus() const;
  [[nodiscard]] response take();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace connector::http
