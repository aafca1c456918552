#include "worker/jobs/durable_task.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace worker::jobs {

namespace json = connector::json;

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t most_runs = 1000;
constexpr std::int64_t most_questions = 1'000'000;
constexpr milliseconds first_pause{1000};
constexpr milliseconds longest_pause{24 * 3600'000};

// Doubles with each question; up to a quarter less, so that jobs that were started together are not
// asked about together for ever.
milliseconds pause_after(int asked, milliseconds most, const connector::random_source& random) {
  most = std::clamp(most, first_pause, longest_pause);
  const auto grown = first_pause * (std::int64_t{1} << std::min(asked, 20));
  const auto whole = static_cast<double>(std::min(grown, most).count());
  return std::max(first_pause, milliseconds(static_cast<std::int64_t>(whole * (1 - random() / 4))));
}

int count_of(const std::vector<json::member>& fields, std::string_view name, std::int64_t most) {
  const auto value = json::find(fields, name);
  const auto number = value ? json::integer_of(*value).value_or(0) : 0;
  return static_cast<int>(std::clamp<std::int64_t>(number, 0, most));
}

}  // namespace

durable_progress read_progress(std::optional<std::string_view> value, engine::job_key key) {
  if (!value || json::kind_of(*value) != json::kind::object) return {};
  const auto fields = json::members(*value).members;
  const auto written = json::find(fields, "jobKey");
  if (!written || json::text_of(*written) != std::to_string(key)) return {};
  durable_progress out;
  out.run = count_of(fields, "run", most_runs);
  out.asked = count_of(fields, "asked", most_questions);
  if (const auto arn = json::find(fields, "execution")) {
    out.execution = json::text_of(*arn).value_or("");
  }
  if (const auto prefix = json::find(fields, "prefix")) {
    out.prefix = json::text_of(*prefix).value_or("");
    if (wrong_value(*find_header("durablePrefix"), out.prefix)) out.prefix.clear();
  }
  return out;
}

std::string progress_json(const durable_progress& progress, engine::job_key key) {
  json::object_writer out;
  out.string("jobKey", std::to_string(key));
  if (!progress.prefix.empty()) out.string("prefix", progress.prefix);
  if (progress.run > 0) out.number("run", progress.run);
  if (!progress.execution.empty()) {
    out.string("execution", progress.execution);
    out.number("asked", progress.asked);
  }
  return out.take();
}

std::string kept_progress(const durable_progress& progress, engine::job_key key) {
  return progress.prefix.empty() ? std::string() : progress_json(progress, key);
}

std::string prefix_of_cluster(std::string_view cluster_id) {
  if (cluster_id.empty()) return "job";
  // FNV-1a (64 bits): ids have any length and any characters.
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : cluster_id) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211U;
  }
  return fmt::format("job-{:016x}", hash);
}

connector::durable_run durable_run_of(const task_headers& headers, engine::job_key key,
                                      const durable_progress& progress) {
  connector::durable_run out;
  out.name = fmt::format("{}-{}", headers.durable_prefix, key);
  if (progress.run > 0) out.suffix = fmt::format("-{}", progress.run);
  out.poll = headers.wait_by_polling;
  out.execution = progress.execution;
  return out;
}

std::string why_no_retry(const task_headers& headers, const durable_progress& progress,
                         engine::job_key key) {
  if (!headers.durable || headers.durable_rerun) return {};
  durable_progress next;
  next.run = progress.run + 1;
  next.prefix = progress.prefix;
  return fmt::format(
      " A retry would find the same durable execution. With the header durableRerun=true it starts "
      "another one. To start another one of this job, set the task's local variable '{}' to {}, "
      "give the job retries and resolve the incident.",
      durable_variable, progress_json(next, key));
}

std::string how_to_start_again(connector::error_code code, const task_headers& headers,
                               const durable_progress& progress) {
  const bool lost =
      code == connector::error_code::not_found || code == connector::error_code::invalid_input;
  if (!headers.durable || progress.execution.empty() || !lost) return {};
  return fmt::format(
      " Lambda keeps an execution that has ended for the retention period of its function. To "
      "start another one, set the task's local variable '{}' to null, give the job retries and "
      "resolve the incident.",
      durable_variable);
}

fail_command back_to_wait(durable_progress progress, const task_headers& headers,
                          engine::job_key key, int retries, std::string_view why,
                          const connector::random_source& random) {
  fail_command out;
  out.retries = std::max(retries, 1);
  out.release = true;
  out.waits = true;
  out.back_off = pause_after(progress.asked, headers.poll_interval, random);
  progress.asked = std::min(progress.asked + 1, static_cast<int>(most_questions));
  out.variables = json::object_writer().raw(durable_variable, progress_json(progress, key)).take();
  out.message = job_message(
      "WAITING", fmt::format("{} The worker asks again in {}. This is no failure, and the job "
                             "loses no retry.",
                             why, connector::human(out.back_off)));
  return out;
}

}  // namespace worker::jobs
