#include "tests/sandbox/demo/stay.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <iostream>

#include "tests/sandbox/demo/batch.h"

namespace sandbox::demo {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds more_jobs_limit{60'000};
constexpr milliseconds look_at_worker{500};

// As a shell takes it.
std::string quoted(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=+,").find(c) != std::string_view::npos;
  };
  std::string out = "'";
  bool all_plain = true;
  for (const char c : text) {
    all_plain = all_plain && plain(c);
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return all_plain ? text : out + '\'';
}

// NAME=value lines before a command, the value quoted.
std::string environment(const std::vector<std::string>& settings) {
  std::string out;
  for (const auto& each : settings) {
    const auto value = each.find('=') + 1;
    out += "  " + each.substr(0, value) + quoted(each.substr(value)) + " \\\n";
  }
  return out;
}

void one_more_of_each(stage& all, const std::vector<kind>& kinds) {
  std::cout << "ten jobs, one takes 3 s ..." << std::endl;
  const batch more(all, kinds, 1);
  if (!all.gateway().wait_all_ended(more_jobs_limit))
    std::cout << "not all of them ended in time\n";
  const auto found = more.judge();
  std::cout << '\n' << found.table << '\n';
  for (const auto& wrong : found.wrong) std::cout << "wrong: " << wrong << '\n';
  std::cout << std::flush;
}

// False when there is nothing more to read.
bool read_line() {
  char bytes[256];
  return ::read(STDIN_FILENO, bytes, sizeof bytes) > 0;
}

}  // namespace

std::string how_to_look(stage& all, const std::filesystem::path& worker) {
  const auto program = quoted(std::filesystem::absolute(worker).lexically_normal().string());
  std::string out = "Still running:\n";
  out += "  gateway  http://" + all.gateway().address() + '\n';
  out += "  Lambda   " + all.functions().endpoint() + '\n';
  out += "  worker   process " + std::to_string(all.worker().pid()) + "\n\n";
  out += "Its log:\n\n  tail -f " + quoted(all.log_file().string()) + "\n\n";
  out += "One call by hand, in another terminal:\n\n" + environment(all.call_settings());
  out += "  " + program + " invoke --function echo --payload '{\"hello\":\"world\"}' --verbose\n\n";
  out += "A worker of your own beside this one:\n\n" + environment(all.settings());
  out += "  LOG_FORMAT=text LOG_LEVEL=debug " + program + "\n\n";
  return out +
         "Functions: echo, fail, slow, throttle-once, big, not-json, context and others, listed in "
         "tests/sandbox/README.md.\n";
}

void stay(stage& all, const std::vector<kind>& kinds, const sigset_t& end_signals) {
  const int signals = ::signalfd(-1, &end_signals, SFD_CLOEXEC | SFD_NONBLOCK);
  pollfd watched[] = {{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  if (!terminal) watched[1].fd = -1;
  std::cout << (terminal ? "Enter makes ten more jobs, one of each kind. Ctrl-C stops all.\n"
                         : "SIGTERM or SIGINT stops all.\n")
            << std::flush;
  while (watched[0].revents == 0) {
    all.worker().must_live();
    ::poll(watched, 2, static_cast<int>(look_at_worker.count()));
    if (watched[1].revents == 0) continue;
    if (read_line()) {
      one_more_of_each(all, kinds);
    } else {
      watched[1].fd = -1;
    }
  }
  ::close(signals);
}

}  // namespace sandbox::demo
