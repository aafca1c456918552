#include "tests/sandbox/demo/checks.h"

namespace sandbox::demo {

namespace {

std::string shown(std::string_view text) {
  constexpr std::size_t most = 160;
  if (text.size() <= most) return std::string(text);
  return std::string(text.substr(0, most)) + "... (" + std::to_string(text.size()) + " bytes)";
}

std::string is(std::string_view name, std::string_view found, std::string_view wanted) {
  if (found == wanted) return {};
  return std::string(name) + " is " + shown(found) + ", must be " + shown(wanted);
}

}  // namespace

std::string first_of(std::initializer_list<std::string> complaints) {
  for (const auto& each : complaints) {
    if (!each.empty()) return each;
  }
  return {};
}

std::string has(std::string_view name, std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return {};
  return std::string(name) + " is " + shown(text) + ", must contain " + shown(part);
}

std::string variable_is(const finished_job& job, std::string_view name, std::string_view json) {
  return is(name, job.job.process_variable(name).value_or("(not there)"), json);
}

std::string variable_has(const finished_job& job, std::string_view name, std::string_view part) {
  return has(name, job.job.process_variable(name).value_or("(not there)"), part);
}

std::string payload_is(const finished_job& job, std::string_view json) {
  return variable_is(job, "payload", json);
}

std::string received_is(const finished_job& job, std::string_view payload) {
  return is("what the function got", job.calls.front().request.payload, payload);
}

}  // namespace sandbox::demo
