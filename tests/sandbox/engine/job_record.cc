#include "tests/sandbox/engine/job_record.h"

#include <algorithm>
#include <utility>

#include "tests/sandbox/engine/keys.h"

namespace sandbox::engine {
namespace {

std::optional<std::string> value_of(const std::vector<variable>& scope, std::string_view name) {
  for (const variable& v : scope) {
    if (v.name == name) return v.value;
  }
  return std::nullopt;
}

bool wanted(const std::vector<std::string>& fetch, std::string_view name) {
  return fetch.empty() || std::find(fetch.begin(), fetch.end(), name) != fetch.end();
}

bool has(const document& doc, std::string_view name) {
  return std::any_of(doc.members.begin(), doc.members.end(),
                     [name](const member& m) { return m.name == name; });
}

bool has(const std::vector<variable>& changes, std::string_view name) {
  return std::any_of(changes.begin(), changes.end(),
                     [name](const variable& v) { return v.name == name; });
}

// The result of a completed job, where it belongs: see job_spec::output_mappings.
void merge_completion(const job_record& job, job_account& a) {
  const document result = read_document(job.rare->completion);
  std::vector<variable> local = a.local_variables;
  for (const member& m : result.members) {
    if (has(a.local_variables, m.name)) set_variable(local, m.name, m.value);
  }
  const auto& mappings = job.spec->spec.output_mappings;
  if (mappings.empty()) {
    for (const member& m : result.members) {
      if (!has(a.local_variables, m.name)) set_variable(a.process_variables, m.name, m.value);
    }
  } else {
    for (const member& m : result.members) set_variable(local, m.name, m.value);
    std::vector<variable> mapped;
    for (const auto& [source, target] : mappings) {
      auto value = value_of(local, source);
      if (!value) value = value_of(a.process_variables, source);
      mapped.push_back({target, value.value_or("null")});
    }
    for (const variable& v : mapped) set_variable(a.process_variables, v.name, v.value);
  }
  a.local_variables = std::move(local);
}

}  // namespace

std::int64_t job_record::process_instance_key() const {
  const std::int64_t given = spec->spec.keys.process_instance;
  return given != 0 ? given : process_of_job(key);
}

std::int64_t job_record::element_instance_key() const {
  const std::int64_t given = spec->spec.keys.element_instance;
  return given != 0 ? given : element_of_job(key);
}

const char* to_string(job_state state) {
  switch (state) {
    case job_state::activatable:
      return "activatable";
    case job_state::activated:
      return "activated";
    case job_state::backoff:
      return "backoff";
    case job_state::incident:
      return "incident";
    case job_state::error_thrown:
      return "error_thrown";
    case job_state::completed:
      return "completed";
    case job_state::cancelled:
      return "cancelled";
  }
  return "?";
}

std::optional<std::string> job_account::process_variable(std::string_view name) const {
  return value_of(process_variables, name);
}

std::optional<std::string> job_account::local_variable(std::string_view name) const {
  return value_of(local_variables, name);
}

void set_variable(std::vector<variable>& changes, std::string_view name, std::string_view value) {
  for (variable& v : changes) {
    if (v.name == name) {
      v.value = value;
      return;
    }
  }
  changes.push_back({std::string(name), std::string(value)});
}

std::vector<variable> scope_of(const document& doc, const std::vector<variable>* changes) {
  std::vector<variable> scope;
  scope.reserve(doc.members.size());
  for (const member& m : doc.members) set_variable(scope, m.name, m.value);
  if (changes != nullptr) {
    for (const variable& v : *changes) set_variable(scope, v.name, v.value);
  }
  return scope;
}

std::string visible_variables(const job_record& job, const std::vector<std::string>& fetch) {
  static const std::vector<variable> none;
  const prepared_spec& spec = *job.spec;
  const auto& local_changes = job.rare ? job.rare->local_changes : none;
  const auto& process_changes = job.rare ? job.rare->process_changes : none;
  // Nothing to filter or to merge, or nothing that could be: the text goes out as it was given.
  const bool alone = spec.process.members.empty() && local_changes.empty() &&
                     process_changes.empty() && !spec.spec.variables.empty();
  if (!spec.local.problem.empty() || (alone && fetch.empty())) return spec.spec.variables;

  object_writer out;
  auto hidden = [&](std::string_view name) {
    return has(spec.local, name) || has(local_changes, name);
  };
  for (const member& m : spec.process.members) {
    if (wanted(fetch, m.name) && !has(process_changes, m.name) && !hidden(m.name)) {
      out.add(m.token, m.value);
    }
  }
  for (const variable& v : process_changes) {
    if (wanted(fetch, v.name) && !hidden(v.name)) out.add(quoted_name(v.name), v.value);
  }
  for (const member& m : spec.local.members) {
    if (wanted(fetch, m.name) && !has(local_changes, m.name)) out.add(m.token, m.value);
  }
  for (const variable& v : local_changes) {
    if (wanted(fetch, v.name)) out.add(quoted_name(v.name), v.value);
  }
  return std::move(out).finish();
}

job_account account_of(const job_record& job) {
  job_account a;
  const job_spec& spec = job.spec->spec;
  a.key = job.key;
  a.process_instance_key = job.process_instance_key();
  a.element_instance_key = job.element_instance_key();
  a.type = spec.type;
  a.element_id = spec.element_id;
  a.state = job.state;
  a.retries = job.retries;
  a.polled = job.polled;
  a.pushed = job.pushed;
  a.expired = job.expired;
  a.extended = job.extended;
  a.completions_accepted = job.completion_accepted ? 1 : 0;
  a.created_at = job.created_at;
  a.first_activated_at = job.first_activated_at;
  a.last_activated_at = job.last_activated_at;
  a.ended_at = job.ended_at;
  if (job.worker != nullptr) a.worker = *job.worker;
  const job_details* d = job.rare.get();
  a.local_variables = scope_of(job.spec->local, d ? &d->local_changes : nullptr);
  a.process_variables = scope_of(job.spec->process, d ? &d->process_changes : nullptr);
  if (job.state == job_state::activated) a.lease_until = job.until;
  if (d == nullptr) return a;
  a.extensions_refused = d->extensions_refused;
  a.completions_refused = d->completions_refused;
  a.fails = d->fails;
  a.hand_backs = d->hand_backs;
  a.throws = d->throws;
  a.refused = d->refused;
  a.fenced = d->fenced;
  a.lease_token = d->lease_token;
  a.completion_variables = d->completion;
  a.incident_key = d->incident_key;
  a.incident_type = d->incident_type;
  a.incident_message = d->incident_message;
  a.error_code = d->error_code;
  a.error_message = d->error_message;
  a.error_variables = d->error_variables;
  a.fail_message = d->fail_message;
  a.fail_variables = d->fail_variables;
  a.fail_backoff = d->fail_backoff;
  a.failed_at = d->failed_at;
  a.back_after = d->back_after;
  if (job.state == job_state::completed) merge_completion(job, a);
  return a;
}

}  // namespace sandbox::engine
