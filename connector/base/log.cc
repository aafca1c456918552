#include "connector/base/log.h"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <mutex>

#include "connector/base/json.h"
#include "connector/base/unseen.h"

namespace connector::log {

namespace {

// spdlog takes 400 bytes for each place from the start, used or not: 4,096 of them were a third of
// what an idle worker has above a bare process with gRPC and OpenSSL.
constexpr std::size_t queue_lines = 1024;

std::string_view level_name(level at) {
  switch (at) {
    case level::debug:
      return "debug";
    case level::info:
      return "info";
    case level::warning:
      return "warning";
    default:
      return "error";
  }
}

std::string timestamp() {
  const auto now = std::chrono::system_clock::now();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000);
}

// The line that tells of lost ones, in the form of the log.
std::string notice_of(std::uint64_t lost, format how) {
  constexpr std::string_view text = "log lines were dropped: stdout was closed or was not read";
  if (how == format::json) {
    return fmt::format(R"({{"time":"{}","level":"warning","message":"{}","lines":"{}"}})",
                       timestamp(), text, lost);
  }
  return fmt::format("{} {:<7} {} lines={}", timestamp(), level_name(level::warning), text, lost);
}

// Writes whole lines to stdout; gives a stuck reader half a second and then drops the line, so that
// neither the queue nor the end of the program waits for ever. The pool's thread writes; any thread
// may read the count.
class stdout_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  // `queue` must outlive the last line.
  void watch(spdlog::details::thread_pool& queue) { queue_ = &queue; }
  void use(format how) { how_ = how; }
  // Those that the queue lost included.
  [[nodiscard]] std::uint64_t dropped() const {
    return dropped_ + (queue_ == nullptr ? 0 : queue_->overrun_counter());
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto lost = dropped();
    if (lost > told_ && write(notice_of(lost - told_, how_))) told_ = lost;
    if (!write(std::string(message.payload.data(), message.payload.size()))) ++dropped_;
  }
  void flush_() override {}

 private:
  bool write(std::string line) {
    if (torn_) line.insert(0, 1, '\n');
    line += '\n';
    std::size_t done = 0;
    while (done < line.size()) {
      pollfd out{STDOUT_FILENO, POLLOUT, 0};
      if (::poll(&out, 1, stuck_ ? 0 : 500) <= 0) {
        stuck_ = true;
        break;
      }
      stuck_ = false;
      // At most PIPE_BUF, so that a writable pipe takes it without blocking.
      const auto wrote = ::write(STDOUT_FILENO, line.data() + done,
                                 std::min<std::size_t>(line.size() - done, 4096));
      if (wrote < 0 && errno != EINTR && errno != EAGAIN) break;
      if (wrote > 0) done += static_cast<std::size_t>(wrote);
    }
    if (done > 0) torn_ = done < line.size();
    return done == line.size();
  }

  spdlog::details::thread_pool* queue_ = nullptr;
  std::atomic<format> how_{format::json};
  std::atomic<std::uint64_t> dropped_{0};
  std::uint64_t told_ = 0;  // of the dropped lines
  bool stuck_ = false;      // the last line waited in vain: the next one does not wait
  bool torn_ = false;       // the last line was not written to its end
};

struct state {
  level least = level::off;
  format how = format::json;
  std::function<std::string(std::string)> redact;
  std::shared_ptr<stdout_sink> sink;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

state& current() {
  static state the_state;
  return the_state;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

// A value with blanks, quotes or `=` in quotes, so that tools find where it ends.
std::string quoted(std::string text) {
  return text.find_first_of(" \"=") == std::string::npos ? std::move(text) : json::quote(text);
}

}  // namespace

void set_up(level least, format how) {
  auto& s = current();
  s.least = least;
  s.how = how;
  if (s.sink) s.sink->use(how);
  if (least == level::off || s.logger) return;
  s.sink = std::make_shared<stdout_sink>();
  s.sink->use(how);
  s.pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
  s.sink->watch(*s.pool);
  s.logger = std::make_shared<spdlog::async_logger>("lambda-connector", s.sink, s.pool,
                                                    spdlog::async_overflow_policy::overrun_oldest);
  s.logger->set_level(spdlog::level::trace);
}

void set_redaction(std::function<std::string(std::string)> redact) {
  current().redact = std::move(redact);
}

bool enabled(level at) { return current().logger && at >= current().least; }

void write(level at, std::string_view message, std::initializer_list<field> fields) {
  if (!enabled(at)) return;
  const auto& s = current();
  const auto clean = [&s](std::string text) {
    return s.redact ? s.redact(std::move(text)) : std::move(text);
  };
  std::string line;
  if (s.how == format::json) {
    line = fmt::format(R"({{"time":"{}","level":"{}","message":{})", timestamp(), level_name(at),
                       json::quote(clean(std::string(message))));
    for (const auto& f : fields) {
      if (f.value.empty()) continue;
      line += ',';
      line += json::quote(f.name);
      line += ':';
      line += json::quote(clean(f.value));
    }
    line += '}';
  } else {
    line = fmt::format("{} {:<7} {}", timestamp(), level_name(at),
                       one_line(clean(std::string(message))));
    for (const auto& f : fields) {
      if (!f.value.empty()) line += fmt::format(" {}={}", f.name, quoted(one_line(clean(f.value))));
    }
  }
  s.logger->log(spdlog::level::info, escaped_unseen(line));
}

std::uint64_t dropped_lines() {
  const auto& s = current();
  return s.sink && s.pool ? s.sink->dropped() : 0;
}

void shut_down() {
  auto& s = current();
  s.least = level::off;
  s.logger.reset();
  s.pool.reset();
}

}  // namespace connector::log
