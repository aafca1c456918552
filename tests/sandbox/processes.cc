#include "tests/sandbox/processes.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <stdexcept>

namespace sandbox {
namespace {

engine::job_spec read_process(const boost::json::object& from) {
  engine::job_spec spec;
  bool named = false;
  bool typed = false;
  for (const auto& [name, value] : from) {
    if (name == "id") {
      spec.bpmn_process_id = boost::json::value_to<std::string>(value);
      named = true;
    } else if (name == "type") {
      spec.type = boost::json::value_to<std::string>(value);
      typed = true;
    } else if (name == "headers") {
      spec.headers = boost::json::serialize(value.as_object());
    } else if (name == "retries") {
      spec.retries = boost::json::value_to<std::int32_t>(value);
    } else if (name == "caughtErrors") {
      spec.caught_errors = boost::json::value_to<std::vector<std::string>>(value);
    } else if (name == "tenant") {
      spec.tenant_id = boost::json::value_to<std::string>(value);
    } else {
      throw std::runtime_error("a process has no member " + std::string(name));
    }
  }
  if (!named || !typed) throw std::runtime_error("a process needs id and type");
  return spec;
}

}  // namespace

std::vector<engine::job_spec> read_processes(const std::string& json) try {
  std::vector<engine::job_spec> out;
  const auto all = boost::json::parse(json);
  for (const auto& each : all.as_array()) {
    out.push_back(read_process(each.as_object()));
  }
  return out;
} catch (const std::exception& wrong) {
  throw std::runtime_error(std::string("processes: ") + wrong.what());
}

}  // namespace sandbox
