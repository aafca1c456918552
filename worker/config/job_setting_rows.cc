// Rows of the settings table: jobs.
#include "worker/config/setting_rows.h"
#include "worker/config/setting_stores.h"

namespace worker::config::setting_rows {

namespace {

constexpr std::string_view profiles[] = {"own", "alfresco", "camunda"};

constexpr auto jobs = &settings::jobs;

// clang-format off
constexpr setting_spec job_rows[] = {
  // Before the types, whose default follows from it.
  {"jobs.profile", "--profile", "LAMBDA_CONNECTOR_PROFILE", type::words, {0, 0, profiles}, "own", {},
   "How tasks are written: for this worker, as Alfresco's, or as io.camunda:aws-lambda:1, which is then the type served",
   profile_to},
  {"jobs.types", "--job-types", "LAMBDA_CONNECTOR_JOB_TYPES", type::list, of_some, {},
   "those served by default",
   "Job types served: type=operation, or a default type alone",
   types_to},
  {"jobs.defaultHeaders", "--default-header", "LAMBDA_CONNECTOR_DEFAULT_HEADERS", type::entries,
   of_list, {}, {},
   "Custom headers of tasks that have none of that name: header=value or type:header=value, separated by ; or lines",
   headers_to},
  {"jobs.maxActive", "--max-jobs-active", 
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE ZEEBE_CLIENT_WORKER_MAXJOBSACTIVE",
   type::integer, {1, 10000, {}}, "32", {}, "Jobs that run at the same time", active_to},
  {"jobs.maxActiveOfType", "--max-jobs-active-of-type", "LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE",
   type::list, of_list, {}, {}, "Fewer for some job types: type=number", active_of_type_to},
  {"jobs.timeout", "--job-timeout", 
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT ZEEBE_CLIENT_JOB_TIMEOUT", type::duration,
   {second, 60 * minute, {}}, "60s", {},
   "Time a job is activated for; extended while its call runs",
   duration_to<jobs, &job_settings::activation_timeout>},
  {"jobs.lease", "--job-lease", "LAMBDA_CONNECTOR_JOB_LEASE CAMUNDA_CLIENT_WORKER_DEFAULTS_WITHLEASE",
   type::list, of_some, "off", {},
   "Lease tokens of engines since 8.10: off, offered or required, for all job types or as type=mode. A job once leased reaches no worker without leases",
   leases_to},
  {"jobs.workerName", "--worker-name", 
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_NAME ZEEBE_CLIENT_WORKER_DEFAULTNAME", type::text,
   {1, 200, {}}, {}, "lambda-connector-HOST", "Name under which jobs are activated",
   text_to<jobs, &job_settings::worker_name>},
  {"jobs.stream", "--stream",
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED CAMUNDA_CLIENT_WORKER_STREAM_ENABLED "
   "ZEEBE_CLIENT_WORKER_STREAM_ENABLED", type::boolean, {}, "true", {},
   "Let the gateway push jobs, besides polling", flag_to<jobs, &job_settings::stream>},
  {"jobs.streamSilence", "--stream-silence", "LAMBDA_CONNECTOR_STREAM_SILENCE", type::duration,
   {second, 60 * minute, {}}, "60s", {},
   "A stream that pushes nothing for so long while polls bring jobs is opened again",
   duration_to<jobs, &job_settings::stream_silence>},
  {"jobs.pollTimeout", "--poll-timeout", "CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT",
   type::duration, {100, 5 * minute, {}}, "10s", {},
   "Time a poll waits at the gateway for jobs",
   duration_to<jobs, &job_settings::poll_timeout>},
  {"jobs.tenantIds", "--tenant-ids",
   "CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS ZEEBE_DEFAULT_JOB_WORKER_TENANT_IDS "
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_TENANTIDS ZEEBE_CLIENT_DEFAULTJOBWORKERTENANTIDS", type::list,
   of_some, {}, "<default>", "Tenants whose jobs are taken",
   items_to<jobs, &job_settings::tenant_ids>},
  {"jobs.drainTime", "--drain-time", "LAMBDA_CONNECTOR_DRAIN_TIME", type::duration,
   {0, 31 * minute, {}}, "25s", {},
   "Time for running calls after SIGTERM; keep the platform's own grace time longer",
   duration_to<jobs, &job_settings::drain_time>},
  {"jobs.holdTime", "--hold-time", "LAMBDA_CONNECTOR_HOLD_TIME", type::duration,
   {0, 24 * 60 * minute, {}}, "15m", {},
   "Time for which the result of a finished call is offered to an engine that is away",
   duration_to<jobs, &job_settings::hold_time>},
  {"jobs.byteBudget", "--byte-budget", "LAMBDA_CONNECTOR_BYTE_BUDGET", type::size,
   {mega, 64 * kilo * mega, {}}, {}, "64 MB, at most a quarter of the memory limit",
   "Variables and results held at the same time; half of it for answers that are being read",
   size_to<jobs, &job_settings::byte_budget>},
  {"jobs.engineMessageSize", "--engine-message-size", "LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE",
   type::size, {64 * kilo, 2 * kilo * mega, {}}, {}, "the engine decides",
   "The engine's message size: results over half of it are refused before sending",
   size_to<jobs, &job_settings::engine_message_size>},
};
// clang-format on

}  // namespace

std::span<const setting_spec> of_jobs() { return job_rows; }

}  // namespace worker::config::setting_rows
