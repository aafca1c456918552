#include "tests/sandbox/control/control.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "tests/sandbox/control/commands.h"
#include "tests/sandbox/control/messages.h"

namespace sandbox::control {

void control::run(engine::options o) {
  o.parent = this;
  o.stopped = true;
  engine::engine engine(std::move(o));
  std::string rest;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t got = ::read(in_, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    rest.append(block.data(), static_cast<std::size_t>(got));
    std::size_t from = 0;
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', from)) {
      const std::string_view line(rest.data() + from, end - from);
      try {
        if (carry_out(engine, line)) writer_.say(ready_line(engine.port()));
      } catch (const std::exception& wrong) {
        writer_.say(wrong_line(wrong.what(), line));
      }
      from = end + 1;
    }
    rest.erase(0, from);
  }
}

void control::happened(engine::job_event event) { writer_.say(event_line(event)); }

void control::asked(std::uint64_t call, std::string_view rpc, std::string request) {
  writer_.say(call_line(call, rpc, request));
}

void control::gone(std::uint64_t call) { writer_.say(gone_line(call)); }

}  // namespace sandbox::control
