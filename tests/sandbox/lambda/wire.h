// How the bytes of an answer leave the server: a script of steps instead of a well-formed answer.
// Scripts are plain values, made on any thread and played by the session that owns the connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace sandbox {

struct wire_step {
  enum class kind {
    send,   // `bytes`, `repeat` times, waiting `interval` after each
    pause,  // wait `interval`
    close,  // TLS close_notify and FIN
    cut,    // FIN without close_notify: a truncated TLS stream
    reset,  // RST
    hang,   // nothing more, until the client goes away
    next,   // the answer is over; wait for the next request on this connection
  };
  kind action = kind::next;
  std::string bytes;
  std::size_t repeat = 1;
  std::chrono::milliseconds interval{0};
};

using wire_script = std::vector<wire_step>;

namespace wire {

wire_step send(std::string bytes);
wire_step repeat(std::string bytes, std::size_t times, std::chrono::milliseconds interval = {});
wire_step pause(std::chrono::milliseconds time);
wire_step close();
wire_step cut();
wire_step reset();
wire_step hang();
wire_step next();

// A status line and header block with its empty line: head("HTTP/1.1 200 OK", {{"A", "b"}}).
std::string head(const std::string& status_line,
                 const std::vector<std::pair<std::string, std::string>>& headers);
// The bytes one at a time, `interval` apart.
wire_script drip(const std::string& bytes, std::chrono::milliseconds interval);

}  // namespace wire

}  // namespace sandbox
