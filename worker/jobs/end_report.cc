#include "worker/jobs/end_report.h"

#include <variant>

#include "connector/base/log.h"

namespace worker::jobs {

namespace {

namespace log = connector::log;

std::string_view sentence_of(const end_report& report) {
  switch (report.end) {
    case job_end::completed:
      return "job completed";
    case job_end::failed:
      return report.facts.retries == 0 ? "job failed, the engine raises an incident"
                                       : "job failed, the engine will retry it";
    case job_end::bpmn_error:
      return "job threw a BPMN error";
    case job_end::released:
      return "job handed back, it loses no retry";
    case job_end::waiting:
      return "job waits for its durable execution, it loses no retry";
    case job_end::lapsed:
      return "job lapsed: its activation was over before it started";
    case job_end::superseded:
      return report.facts.fenced
                 ? "job is superseded: another activation holds its lease, this one's result is "
                   "dropped"
                 : "job is gone at the engine, its result is dropped";
    case job_end::undelivered:
      return "job undelivered: the engine did not take its end";
  }
  return "job ended";
}

log::level level_of(const end_report& report) {
  if (report.end == job_end::undelivered) return log::level::warning;
  const bool incident = report.end == job_end::failed && report.facts.retries == 0;
  return incident ? log::level::warning : log::level::info;
}

}  // namespace

void note(end_facts& facts, const job_command& command) {
  if (const auto* failed = std::get_if<fail_command>(&command)) {
    facts.retries = failed->retries;
    const auto code = failed->message_of_model
                          ? std::string("jobError")
                          : failed->message.substr(0, failed->message.find(':'));
    facts.code = failed->release ? "" : code;
  } else if (const auto* thrown = std::get_if<throw_command>(&command)) {
    facts.code = thrown->error_code;
  }
}

bool logs(job_end end, bool successes) {
  const bool may_warn = end == job_end::failed || end == job_end::undelivered;
  return (end != job_end::completed || successes) &&
         log::enabled(may_warn ? log::level::warning : log::level::info);
}

void log_end(const end_report& report) {
  const auto level = level_of(report);
  if (!log::enabled(level)) return;
  const auto& facts = report.facts;
  log::write(level, sentence_of(report),
             {{"jobKey", std::to_string(report.job_key)},
              {"type", report.job_type},
              {"end", std::string(name_of(report.end))},
              {"code", facts.code},
              {"retries", facts.retries ? std::to_string(*facts.retries) : std::string()},
              {"function", facts.function},
              {"region", facts.region},
              {"requestId", facts.request_id},
              {"processInstanceKey", std::to_string(report.process_instance_key)},
              {"bpmnProcessId", report.bpmn_process_id},
              {"elementId", report.element_id},
              {"businessId", report.business_id},
              {"tags", report.tags},
              {"priority", report.priority == 0 ? std::string() : std::to_string(report.priority)},
              {"physicalTenantId", report.physical_tenant},
              {"durationMs", std::to_string(report.held.count())}});
}

}  // namespace worker::jobs
