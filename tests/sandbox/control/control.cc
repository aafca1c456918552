#include "tests/sandbox/control/control.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "tests/sandbox/control/commands.h"
#include "tests/sandbox/control/messages.h"

namespace sandbox::control {

control::control(int in, int out, const std::string& events_file) : in_(in), writer_(out) {
  if (events_file.empty()) return;
  events_ = ::open(events_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (events_ < 0) throw std::system_error(errno, std::generic_category(), events_file);
}

control::~control() {
  if (events_ >= 0) ::close(events_);
}

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

void control::happened(engine::job_event event) {
  std::string line = event_line(event);
  if (events_ >= 0) {
    line += '\n';
    write_all(events_, line);
    line.pop_back();
  }
  writer_.say(std::move(line));
}

void control::asked(std::uint64_t call, std::string_view rpc, std::string request) {
  writer_.say(call_line(call, rpc, request));
}

void control::gone(std::uint64_t call) { writer_.say(gone_line(call)); }

}  // namespace sandbox::control
