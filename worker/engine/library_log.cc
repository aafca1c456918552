#include "worker/engine/library_log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <array>
#include <atomic>
#include <memory>
#include <string_view>

#include "connector/base/log.h"
#include "connector/base/shortened.h"

namespace worker::engine {

namespace log = connector::log;
using connector::boot_clock;

namespace {

constexpr auto between_lines = std::chrono::seconds(30);
constexpr std::size_t max_places = 128;
constexpr std::size_t max_kept = 16 * 1024;  // of a line
constexpr std::size_t longest_line = 1000;   // as it is written

struct line {
  std::string library;
  std::string place;  // "ssl_transport_security.cc:1501"
  log::level level = log::level::warning;
  std::string text;
};

// The libraries print on any thread and while they hold locks, so a line is put aside without
// waiting. A line for which there is no room replaces the oldest one.
class line_buffer {
 public:
  void put(std::unique_ptr<line> one) {
    const auto at = next_.fetch_add(1) % places_.size();
    const std::unique_ptr<line> old(places_.at(at).exchange(one.release()));
    if (old) ++lost_;
    any_ = true;
  }

  // Loop's thread.
  template <class Each>
  void take_all(Each each) {
    if (!any_.exchange(false)) return;
    for (auto& place : places_) {
      const std::unique_ptr<line> one(place.exchange(nullptr));
      if (one) each(*one);
    }
  }

  std::uint64_t lost() { return lost_.exchange(0); }

 private:
  std::array<std::atomic<line*>, 64> places_{};
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<bool> any_{false};
};

// It lives as long as the process, because the threads of the libraries do.
line_buffer& buffer() {
  static auto* const the_buffer = new line_buffer;
  return *the_buffer;
}

void keep(const char* library, std::string_view file, int number, log::level level,
          std::string_view text) {
  auto one = std::make_unique<line>();
  one->library = library;
  one->place = std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(number);
  one->level = level;
  one->text = text.substr(0, max_kept);
  buffer().put(std::move(one));
}

// An error of gRPC is an attempt that failed: a warning here, since the caller reports what it
// means.
void on_grpc_line(gpr_log_func_args* args) {
  const auto level = args->severity == GPR_LOG_SEVERITY_ERROR  ? log::level::warning
                     : args->severity == GPR_LOG_SEVERITY_INFO ? log::level::info
                                                               : log::level::debug;
  keep("gRPC", args->file, args->line, level, args->message);
}

void on_protobuf_line(google::protobuf::LogLevel level, const char* file, int number,
                      const std::string& text) {
  keep("protobuf", file, number,
       level >= google::protobuf::LOGLEVEL_WARNING ? log::level::warning : log::level::info, text);
}

}  // namespace

std::optional<std::uint64_t> log_rate_limit::admit(const std::string& place, time_point now) {
  // A library has few places that print; should there be more, all start again.
  if (places_.size() >= max_places && places_.count(place) == 0) places_.clear();
  const auto [found, is_new] = places_.try_emplace(place);
  auto& one = found->second;
  if (!is_new && now - one.last < between_lines) {
    ++one.left_out;
    return std::nullopt;
  }
  one.last = now;
  return std::exchange(one.left_out, 0);
}

void capture_library_log() {
  buffer();
  gpr_set_log_function(on_grpc_line);
  google::protobuf::SetLogHandler(on_protobuf_line);
}

void write_library_log() {
  static log_rate_limit limit;
  buffer().take_all([](const line& one) {
    const auto left_out = limit.admit(one.place, boot_clock::now());
    if (!left_out) return;
    log::write(one.level, one.library + " says: " + connector::shortened(one.text, longest_line),
               {{"source", one.place}, {"leftOut", std::to_string(*left_out)}});
  });
  if (const auto lost = buffer().lost(); lost > 0) {
    log::warning("lines of gRPC came faster than they were written",
                 {{"lost", std::to_string(lost)}});
  }
}

}  // namespace worker::engine
