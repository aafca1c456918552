#include "tests/faults/shipped.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace faults {

namespace {

namespace beast = boost::beast;

std::filesystem::path new_log() {
  static int made = 0;
  return std::filesystem::temp_directory_path() /
         ("faults-" + std::to_string(::getpid()) + "-" + std::to_string(++made) + ".log");
}

const char* other_program() { return std::getenv("LAMBDA_CONNECTOR_PROGRAM"); }

sandbox::program program_of(const journey::environment_variables& variables,
                            const std::filesystem::path& log) {
  sandbox::program out;
  out.name = "the worker";
  out.path = other_program() != nullptr ? other_program() : LAMBDA_CONNECTOR_PROGRAM;
  out.log = log;
  for (const auto& [name, value] : variables) out.environment.push_back(name + '=' + value);
  for (const char* const name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* const value = std::getenv(name)) {
      out.environment.push_back(std::string(name) + '=' + value);
    }
  }
  return out;
}

// For a shell; null: none.
const char* redirection_of(shipped_output output) {
  switch (output) {
    case shipped_output::closed:
      return ">&-";
    case shipped_output::full_disk:
      return ">/dev/full";
    case shipped_output::broken_pipe:
      // The reader ends at once; the process of the pipe's left side is this one.
      return "> >(true)";
    default:
      return nullptr;
  }
}

}  // namespace

shipped::shipped(const journey::test_environment& env, const journey::environment_variables& extra,
                 shipped_output output, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& more)
    : log_(new_log()) {
  journey::environment_variables variables = {{"LOG_LEVEL", "info"}};
  for (const auto& [name, value] : extra) variables[name] = value;
  for (const auto& each : more) {
    variables[each.substr(0, each.find('='))] = each.substr(each.find('=') + 1);
  }
  auto started = program_of(env.variables(variables), log_);
  started.arguments = arguments;
  started.piped = output == shipped_output::unread_pipe;
  if (const auto* const redirected = redirection_of(output)) {
    started.arguments = {"-c", std::string("exec \"$0\" ") + redirected, started.path.string()};
    started.path = "/bin/bash";
  }
  const bool piped = started.piped;
  process_ = std::make_unique<sandbox::child_process>(std::move(started));
  while (piped && heard_.find("health and metrics are served") == std::string::npos) {
    heard_ += process_->hear(journey::patience) + '\n';
  }
}

shipped::~shipped() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove(log_, ignored);
}

bool shipped::is_sanitized() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return other_program() == nullptr;
#else
  return false;
#endif
}

bool shipped::has_ended() const {
  siginfo_t how{};
  // It stays to be reaped by its owner.
  return ::waitid(P_PID, static_cast<id_t>(process_->pid()), &how, WEXITED | WNOHANG | WNOWAIT) ==
             0 &&
         how.si_pid == process_->pid();
}

void shipped::signal(int number) const { ::kill(process_->pid(), number); }

std::string shipped::log() const {
  std::ostringstream out;
  out << heard_ << std::ifstream(log_).rdbuf();
  return out.str();
}

std::size_t shipped::lines_with(const std::string& text) const {
  std::istringstream lines(log());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(text) != std::string::npos) ++count;
  }
  return count;
}

std::uint16_t shipped::admin_port() const {
  constexpr std::string_view name = R"("port":")";
  const auto text = log();
  const auto line = text.find("health and metrics are served");
  const auto at = text.find(name, line);
  if (line == std::string::npos || at == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::strtoul(text.c_str() + at + name.size(), nullptr, 10));
}

std::optional<shipped::answer> shipped::get(const std::string& path) const {
  boost::asio::io_context loop;
  beast::tcp_stream stream(loop);
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, path, 11);
  request.set(beast::http::field::host, "localhost");
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> got;
  boost::system::error_code failed;
  stream.socket().connect({boost::asio::ip::make_address("127.0.0.1"), admin_port()}, failed);
  if (!failed) beast::http::write(stream, request, failed);
  if (!failed) beast::http::read(stream, buffer, got, failed);
  if (failed) return std::nullopt;
  return answer{static_cast<int>(got.result_int()), std::move(got.body())};
}

int shipped::status_of(const std::string& path) const {
  const auto got = get(path);
  return got ? got->status : 0;
}

std::string shipped::body_of(const std::string& path) const {
  const auto got = get(path);
  return got ? got->body : std::string();
}

}  // namespace faults
