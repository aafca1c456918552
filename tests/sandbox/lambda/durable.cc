#include "tests/sandbox/lambda/durable.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/service.h"

namespace sandbox {

namespace {

using clock = std::chrono::system_clock;

// In front of a callback's name, so that its base64 text holds '+' and '/'.
constexpr std::string_view callback_prefix = "\xfb\xef\xbe\xff\xff\xff";

std::string text_of(const boost::json::object& from, const char* name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

void read_failure(const std::string& body, durable_execution& into) {
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(body, failed);
  if (failed || !parsed.is_object()) {
    into.error_message = body;
    return;
  }
  const auto& object = parsed.as_object();
  into.error_type = text_of(object, "errorType");
  into.error_message = text_of(object, "errorMessage");
  const auto* trace = object.if_contains("stackTrace");
  if (trace == nullptr || !trace->is_array()) return;
  for (const auto& line : trace->as_array()) {
    if (line.is_string()) into.stack_trace.emplace_back(line.as_string());
  }
}

}  // namespace

struct durable_executions::entry {
  durable_execution shown;
  answer made;                            // of the function
  std::optional<clock::time_point> ends;  // nothing: a callback decides
  clock::time_point times_out;
  std::chrono::milliseconds retention{0};
};

// Brings an execution up to the present time.
void durable_executions::look(entry& one) {
  const auto now = clock::now();
  auto& shown = one.shown;
  if (!shown.ended) {
    if (one.ends && *one.ends <= std::min(now, one.times_out)) {
      shown.ended = one.ends;
      const bool failed = !one.made.function_error.empty();
      shown.status = failed ? "FAILED" : "SUCCEEDED";
      if (failed) {
        read_failure(one.made.body, shown);
      } else {
        shown.result = one.made.body;
      }
    } else if (one.times_out <= now) {
      shown.ended = one.times_out;
      shown.status = "TIMED_OUT";
      shown.error_message = "The execution took longer than its function's ExecutionTimeout.";
    }
  }
  if (shown.ended && *shown.ended + one.retention <= now) shown.kept = false;
}

durable_executions::invoked durable_executions::invoke(const place& where, const std::string& name,
                                                       const std::string& payload,
                                                       const std::function<answer()>& run) {
  const std::lock_guard lock(guard_);
  invoked out;
  const std::string key = where.function + '\n' + name;
  if (auto* found = find_in(by_name_, key); found != nullptr && found->shown.kept) {
    auto& shown = found->shown;
    if (shown.payload != payload) {
      out.refusal = service_error(409, "DurableExecutionAlreadyStartedException",
                                  "An execution of this name was started with another payload.");
      return out;
    }
    ++shown.invokes;
    out.arn = shown.arn;
    return out;
  }
  answer made = run();
  if (!made.error_type.empty()) {
    out.refusal = std::move(made);
    return out;
  }
  auto one = std::make_shared<entry>();
  auto& shown = one->shown;
  const std::string id = make_request_id();
  shown.arn = where.function_arn + ':' + where.version + "/durable-execution/" + name + '/' + id;
  shown.name = name;
  shown.function = where.function;
  shown.version = where.version;
  shown.payload = payload;
  shown.started = clock::now();
  if (made.waits_for_callback) {
    shown.callback_id = base64_encode(std::string(callback_prefix) + id);
    by_callback_[shown.callback_id] = one;
  } else {
    one->ends = shown.started + made.delay;
  }
  one->times_out = shown.started + where.timeout;
  one->retention = where.retention;
  out.arn = shown.arn;
  out.is_new = true;
  out.wire = std::exchange(made.wire, {});
  one->made = std::move(made);
  by_name_[key] = one;
  by_arn_[shown.arn] = one;
  entries_.push_back(std::move(one));
  return out;
}

durable_executions::entry* durable_executions::find_in(const index& where, const std::string& key) {
  const auto found = where.find(key);
  if (found == where.end()) return nullptr;
  look(*found->second);
  return found->second.get();
}

durable_executions::entry* durable_executions::kept(std::string_view arn) {
  auto* found = find_in(by_arn_, std::string(arn));
  return found != nullptr && found->shown.kept ? found : nullptr;
}

std::optional<durable_execution> durable_executions::find(std::string_view arn) {
  const std::lock_guard lock(guard_);
  const auto* found = kept(arn);
  return found == nullptr ? std::nullopt : std::optional(found->shown);
}

std::optional<durable_execution> durable_executions::find(std::string_view function,
                                                          std::string_view name) {
  const std::lock_guard lock(guard_);
  const auto* found = find_in(by_name_, std::string(function) + '\n' + std::string(name));
  return found == nullptr || !found->shown.kept ? std::nullopt : std::optional(found->shown);
}

std::optional<answer> durable_executions::result(std::string_view arn) {
  const std::lock_guard lock(guard_);
  const auto* found = find_in(by_arn_, std::string(arn));
  if (found == nullptr || !found->shown.ended) return std::nullopt;
  const auto& shown = found->shown;
  answer out = shown.status == "SUCCEEDED"
                   ? json_answer(shown.result)
                   : function_failure(shown.error_type.empty() ? shown.status : shown.error_type,
                                      shown.error_message, shown.stack_trace);
  out.log = found->made.log;
  return out;
}

void durable_executions::count_asked(std::string_view arn) {
  const std::lock_guard lock(guard_);
  if (auto* found = kept(arn)) ++found->shown.asked;
}

bool durable_executions::stop(std::string_view arn, std::string error_type,
                              std::string error_message) {
  const std::lock_guard lock(guard_);
  auto* found = kept(arn);
  if (found == nullptr) return false;
  auto& shown = found->shown;
  if (shown.ended) return true;
  shown.ended = clock::now();
  shown.status = "STOPPED";
  shown.error_type = std::move(error_type);
  shown.error_message = std::move(error_message);
  return true;
}

durable_executions::callback durable_executions::end(
    std::string_view callback_id, const std::function<void(durable_execution&)>& how) {
  const std::lock_guard lock(guard_);
  auto* found = find_in(by_callback_, std::string(callback_id));
  if (found == nullptr) return callback::unknown;
  if (found->shown.ended) return callback::too_late;
  how(found->shown);
  return callback::taken;
}

durable_executions::callback durable_executions::succeed(std::string_view callback_id,
                                                         std::string result) {
  return end(callback_id, [&](durable_execution& shown) {
    shown.ended = clock::now();
    shown.status = "SUCCEEDED";
    shown.result = result.empty() ? "null" : std::move(result);
  });
}

durable_executions::callback durable_executions::fail(std::string_view callback_id,
                                                      std::string error_type,
                                                      std::string error_message) {
  return end(callback_id, [&](durable_execution& shown) {
    shown.ended = clock::now();
    shown.status = "FAILED";
    shown.error_type = std::move(error_type);
    shown.error_message = std::move(error_message);
  });
}

durable_executions::callback durable_executions::heartbeat(std::string_view callback_id) {
  return end(callback_id, [](durable_execution& shown) { ++shown.heartbeats; });
}

std::vector<durable_execution> durable_executions::all() {
  const std::lock_guard lock(guard_);
  std::vector<durable_execution> out;
  for (const auto& each : entries_) {
    look(*each);
    out.push_back(each->shown);
  }
  return out;
}

}  // namespace sandbox
