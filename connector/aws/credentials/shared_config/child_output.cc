#include "connector/aws/credentials/shared_config/child_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/secret.h"
#include "connector/base/wait.h"

namespace connector::aws {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds max_pause{50};
constexpr milliseconds time_to_die{2000};

// A descriptor that is closed when this goes.
class owned_fd {
 public:
  explicit owned_fd(int number = -1) : number_(number) {}
  owned_fd(const owned_fd&) = delete;
  owned_fd& operator=(const owned_fd&) = delete;
  ~owned_fd() { reset(); }
  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void reset(int number = -1) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }

 private:
  int number_;
};

// A pipe whose ends are beyond the three standard descriptors, which the child gets others for.
bool open_pipe(owned_fd& read_end, owned_fd& write_end) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const owned_fd first(ends[0]);
  const owned_fd second(ends[1]);
  read_end.reset(::fcntl(first.get(), F_DUPFD_CLOEXEC, 3));
  write_end.reset(::fcntl(second.get(), F_DUPFD_CLOEXEC, 3));
  return read_end.get() >= 0 && write_end.get() >= 0 &&
         ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK) == 0;
}

// Kills the process group of a child for which no coroutine waits any more, so that nothing goes on
// alone, and its entry is taken if it is there already.
class child {
 public:
  explicit child(pid_t id) : id_(id) {}
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    if (ended_) return;
    kill();
    [[maybe_unused]] const bool gone = has_ended();
  }

  // Only before its entry was reaped: afterwards the number may belong to another process.
  void kill() const {
    if (!ended_) ::kill(-id_, SIGKILL);
  }

  bool has_ended() {
    if (ended_) return true;
    pid_t got = 0;
    do {
      got = ::waitpid(id_, &status_, WNOHANG);
    } while (got < 0 && errno == EINTR);
    ended_ = got != 0;
    known_ = got == id_;
    return ended_;
  }

  // Empty: it ended with 0.
  [[nodiscard]] std::string what_is_wrong() const {
    if (!known_) return "its exit code is not known";
    if (WIFSIGNALED(status_)) return fmt::format("ended by signal {}", WTERMSIG(status_));
    if (WEXITSTATUS(status_) != 0) return fmt::format("exit code {}", WEXITSTATUS(status_));
    return {};
  }

 private:
  pid_t id_;
  int status_ = 0;
  bool ended_ = false;
  bool known_ = false;
};

// Who started us may have had SIGCHLD ignored, which is inherited: then exit codes are lost.
void keep_exit_codes() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) != 0) return;
  const bool ignored = action.sa_handler == SIG_IGN;
  if (!ignored && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
  if (ignored) action.sa_handler = SIG_DFL;
  action.sa_flags &= ~SA_NOCLDWAIT;
  ::sigaction(SIGCHLD, &action, nullptr);
}

// As exec takes them, ended by null.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

// The errno of what failed; 0: `id` runs.
int spawn(const std::vector<std::string>& words, const std::vector<std::string>& environment,
          int output, pid_t& id) {
  const auto arguments = pointers_to(words);
  const auto variables = pointers_to(environment);

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  keep_exit_codes();
  const int failed = ::posix_spawnp(&id, arguments.front(), &files, &attributes, arguments.data(),
                                    variables.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

child_output not_started(int number) {
  return {child_output::end::not_started, {}, std::generic_category().message(number)};
}

// Reads until the end of the output; nothing: it came, else what came first.
asio::awaitable<std::optional<child_output::end>> read_all(asio::posix::stream_descriptor& from,
                                                           std::string& text, deadline end) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(from.get_executor());
  // Taken at once, so that no half of a secret is left behind by a growing string.
  const std::size_t most = text.size() - 1;
  std::size_t filled = 0;
  std::optional<child_output::end> ended;
  for (;;) {
    timer.expires_after(left_until(end, boot_clock::now()));
    const auto room = asio::buffer(text.data() + filled, text.size() - filled);
    auto first = co_await (from.async_read_some(room, no_throw) || timer.async_wait(no_throw));
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(cancelled)) {
      ended = child_output::end::given_up;
      break;
    }
    if (first.index() == 1) {
      ended = child_output::end::late;
      break;
    }
    const auto [failed, got] = std::get<0>(first);
    filled += got;
    if (filled > most) {
      ended = child_output::end::too_much;
      break;
    }
    if (failed) break;
  }
  if (ended) {
    wipe(text);
  } else {
    text.resize(filled);
  }
  co_return ended;
}

// Waits for the child's end, and ends it at `end` or when the caller gives up; nothing: it ended by
// itself. Quiet cancellation.
asio::awaitable<std::optional<child_output::end>> wait_for_end(child& running, deadline end) {
  const auto loop = co_await asio::this_coro::executor;
  asio::steady_timer timer(loop);
  std::optional<child_output::end> cut;
  milliseconds pause{1};
  // Short steps: most programs end right after they have closed their output.
  while (!running.has_ended()) {
    const auto now = boot_clock::now();
    if (!cut) {
      const auto state = co_await asio::this_coro::cancellation_state;
      if (is_cancelled(state)) {
        cut = child_output::end::given_up;
      } else if (now >= end) {
        cut = child_output::end::late;
      }
      if (cut) {
        running.kill();
        end = now;
        // From here on a cancelled caller waits too: a child must not be left behind.
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      }
    }
    if (cut && now >= end + time_to_die) break;
    co_await wait_for(timer, pause);
    pause = std::min(pause * 2, max_pause);
  }
  co_return cut;
}

}  // namespace

asio::awaitable<child_output> run_child(std::vector<std::string> words,
                                        std::vector<std::string> environment, std::size_t max_bytes,
                                        deadline end) {
  const auto loop = co_await asio::this_coro::executor;
  owned_fd read_end;
  owned_fd write_end;
  if (!open_pipe(read_end, write_end)) co_return not_started(errno);
  pid_t id = 0;
  if (const int failed = spawn(words, environment, write_end.get(), id); failed != 0) {
    co_return not_started(failed);
  }
  child running(id);
  write_end.reset();
  asio::posix::stream_descriptor output(loop, read_end.release());

  child_output out;
  out.text.resize(max_bytes + 1);
  const auto ended = co_await read_all(output, out.text, end);
  const deadline last = ended ? boot_clock::now() : end;
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await quiet_cancellation();
  const auto cut = co_await wait_for_end(running, last);
  co_await asio::this_coro::reset_cancellation_state();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (ended) {
    out.how = *ended;
    co_return out;
  }
  out.reason = cut ? std::string() : running.what_is_wrong();
  out.how = cut ? *cut : out.reason.empty() ? child_output::end::exited : child_output::end::failed;
  if (out.how != child_output::end::exited) wipe(out.text);
  co_return out;
}

}  // namespace connector::aws
