#include "tests/sandbox/control/messages.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace sandbox::control {

std::string ready_line(std::uint16_t port) {
  return boost::json::serialize(boost::json::object{{"ready", {{"port", port}}}});
}

std::string event_line(const engine::job_event& e) {
  using kind = engine::job_event::kind;
  boost::json::object line{{"event", engine::to_string(e.type)},
                           {"job", e.job},
                           {"at", e.at.count()},
                           {"retries", e.retries}};
  switch (e.type) {
    case kind::activated:
      line["worker"] = e.worker;
      line["until"] = e.until.count();
      break;
    case kind::timeout_updated:
      line["until"] = e.until.count();
      break;
    case kind::completed:
      line["variables"] = e.variables;
      break;
    case kind::failed:
      line["message"] = e.message;
      line["variables"] = e.variables;
      line["backOff"] = e.backoff.count();
      line["until"] = e.until.count();
      break;
    case kind::error_thrown:
      line["code"] = e.code;
      line["message"] = e.message;
      line["variables"] = e.variables;
      break;
    case kind::incident:
      line["incident"] = e.incident;
      line["type"] = e.code;
      line["message"] = e.message;
      break;
    case kind::resolved:
      line["incident"] = e.incident;
      break;
    default:
      break;
  }
  return boost::json::serialize(line);
}

std::string call_line(std::uint64_t call, std::string_view rpc, const std::string& request) {
  return R"({"call":)" + std::to_string(call) + R"(,"rpc":")" + std::string(rpc) +
         R"(","request":)" + request + "}";
}

std::string gone_line(std::uint64_t call) { return R"({"gone":)" + std::to_string(call) + "}"; }

std::string wrong_line(std::string_view reason, std::string_view line) {
  return boost::json::serialize(
      boost::json::object{{"wrong", reason}, {"line", line.substr(0, 200)}});
}

}  // namespace sandbox::control
