#include "tests/sandbox/lambda/wire.h"

namespace sandbox::wire {

wire_step send(std::string bytes) { return repeat(std::move(bytes), 1); }

wire_step repeat(std::string bytes, std::size_t times, std::chrono::milliseconds interval) {
  return {wire_step::kind::send, std::move(bytes), times, interval};
}

wire_step pause(std::chrono::milliseconds time) { return {wire_step::kind::pause, {}, 1, time}; }

wire_step close() { return {wire_step::kind::close, {}, 1, {}}; }

wire_step cut() { return {wire_step::kind::cut, {}, 1, {}}; }

wire_step reset() { return {wire_step::kind::reset, {}, 1, {}}; }

wire_step hang() { return {wire_step::kind::hang, {}, 1, {}}; }

wire_step next() { return {wire_step::kind::next, {}, 1, {}}; }

std::string head(const std::string& status_line,
                 const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string out = status_line + "\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  return out + "\r\n";
}

wire_script drip(const std::string& bytes, std::chrono::milliseconds interval) {
  wire_script script;
  for (const char byte : bytes) script.push_back(repeat(std::string(1, byte), 1, interval));
  return script;
}

}  // namespace sandbox::wire
