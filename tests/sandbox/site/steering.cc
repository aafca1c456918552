#include "tests/sandbox/site/steering.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sandbox::site {

namespace {

namespace json = boost::json;

std::string text_at(const json::object& from, std::string_view name) {
  return std::string(from.at(name).as_string());
}

// Variables and headers are JSON objects in the line.
std::string object_at(const json::object& from, std::string_view name) {
  const auto* given = from.if_contains(name);
  return given == nullptr ? "{}" : json::serialize(*given);
}

json::object create(site& all, const json::object& line) {
  engine::job_spec spec;
  spec.variables = object_at(line, "variables");
  spec.headers = object_at(line, "headers");
  if (const auto* retries = line.if_contains("retries")) {
    spec.retries = retries->to_number<std::int32_t>();
  }
  const auto count = line.at("count").to_number<std::size_t>();
  json::array keys;
  for (const auto key : all.gateway().create_many(spec, count)) keys.emplace_back(key);
  return {{"keys", std::move(keys)}};
}

json::object account_of_job(site& all, const json::object& line) {
  const auto found = all.gateway().account(line.at("job").to_number<std::int64_t>());
  if (!found) throw std::runtime_error("no such job");
  return {{"state", engine::to_string(found->state)},
          {"variables", found->completion_variables},
          {"incident", found->incident_message},
          {"retries", found->retries},
          {"worker", found->worker}};
}

json::object totals(site& all) {
  const auto jobs = all.gateway().totals();
  const auto calls = all.functions().account().counted();
  // A function that ran more often than its jobs say so.
  std::uint64_t repeated = 0;
  for (const auto& [key, one] : all.functions().account().jobs()) {
    if (one.executions > 1) ++repeated;
  }
  return {{"created", jobs.created},
          {"completed", jobs.completed},
          {"incident", jobs.incident},
          {"open", jobs.open},
          {"expired", jobs.expired},
          {"handBacks", jobs.hand_backs},
          {"streams", all.gateway().open_streams()},
          {"executions", calls.executions},
          {"unsigned", calls.refused},
          {"repeated", repeated},
          {"lastKey", all.last_key()},
          {"tokensGiven", all.tokens().given()},
          {"letIn", all.tokens().let_in()},
          {"keptOut", all.tokens().kept_out()}};
}

json::object incidents(site& all) {
  json::array out;
  for (const auto& one : all.gateway().accounts()) {
    if (one.incident_key != 0) out.emplace_back(one.incident_message);
  }
  return {{"incidents", std::move(out)}};
}

std::vector<access_key> keys_in(const json::object& line) {
  std::vector<access_key> out;
  for (const auto& each : line.at("keys").as_array()) {
    access_key key;
    key.id = text_at(each.as_object(), "id");
    key.secret = text_at(each.as_object(), "secret");
    out.push_back(std::move(key));
  }
  return out;
}

json::object carry_out(site& all, const json::object& line) {
  const auto verb = text_at(line, "do");
  if (verb == "jobs") return create(all, line);
  if (verb == "job") return account_of_job(all, line);
  if (verb == "totals") return totals(all);
  if (verb == "incidents") return incidents(all);
  if (verb == "wait") {
    const engine::milliseconds most(line.at("ms").to_number<std::int64_t>());
    return {{"ended", all.gateway().wait_all_ended(most)}};
  }
  if (verb == "throttle") {
    all.functions().throttle_all(line.at("on").as_bool());
  } else if (verb == "keys") {
    const auto keys = keys_in(line);
    all.functions().set_keys(keys);
    all.roles().set_keys(keys);
  } else if (verb == "clientSecrets") {
    std::set<std::string> secrets;
    for (const auto& each : line.at("secrets").as_array()) secrets.emplace(each.as_string());
    all.tokens().set_client_secrets(std::move(secrets));
  } else if (verb == "revokeTokens") {
    all.tokens().revoke_all();
  } else if (verb == "stopGateway") {
    all.gateway().stop(engine::stop_as::terminated);
  } else if (verb == "startGateway") {
    all.gateway().start();
  } else {
    throw std::runtime_error("no such command");
  }
  return {{"done", verb}};
}

}  // namespace

std::string answer_to(site& all, std::string_view line) {
  try {
    return json::serialize(carry_out(all, json::parse(line).as_object()));
  } catch (const std::exception& wrong) {
    return json::serialize(json::object{{"wrong", wrong.what()}, {"line", line}});
  }
}

void steer(site& all) {
  std::cout << json::serialize(json::object{{"ready", true},
                                            {"gateway", all.gateway().address()},
                                            {"tokens", all.tokens().url()},
                                            {"sts", all.roles().url()},
                                            {"lambda", all.functions().endpoint()}})
            << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << answer_to(all, line) << std::endl;
  }
}

}  // namespace sandbox::site
