#include "worker/cli/check_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "connector/base/regions.h"
#include "worker/config/aws_names.h"
#include "worker/config/job_lists.h"
#include "worker/engine/engine_version.h"
#include "worker/jobs/task.h"
#include "worker/secrets/listing.h"

namespace worker::cli {

namespace {

// Ids of URLs that patterns with a * in the id admit. AWS gives ids at random, to every account, so
// a* is as open as *: some of another account's begin so.
std::vector<std::string> ids_of_others(const connector::allow_list& hosts) {
  std::vector<std::string> out;
  for (const auto& pattern : hosts.patterns()) {
    const auto scheme = pattern.find("://");
    auto id = pattern.substr(scheme == std::string::npos ? 0 : scheme + 3);
    id = id.substr(0, id.find('.'));
    if (id.find('*') == std::string::npos) continue;
    std::replace(id.begin(), id.end(), '*', '0');
    out.push_back(std::move(id));
  }
  return out;
}

// The regions whose function URLs the list admits whatever their account.
std::vector<std::string> open_regions(const connector::allow_list& hosts) {
  std::vector<std::string> out;
  const auto ids = ids_of_others(hosts);
  for (const auto region : connector::known_regions()) {
    const auto admits = [&](const std::string& id) {
      const auto is_allowed = [&](const char* kind) {
        const auto host = fmt::format("{}.{}.{}.on.aws", id, kind, region);
        return hosts.allows(connector::guarded_host{true, host, 443});
      };
      return is_allowed("lambda-url") || is_allowed("lambda-web");
    };
    if (std::any_of(ids.begin(), ids.end(), admits)) out.emplace_back(region);
  }
  return out;
}

void note_open_hosts(const config::settings& settings, std::vector<std::string>& notes) {
  for (const auto& rule : settings.policy.all()) {
    if (!rule.hosts) continue;
    const auto open = open_regions(*rule.hosts);
    if (open.empty()) continue;
    const bool everywhere = open.size() == connector::known_regions().size();
    notes.push_back(fmt::format(
        "{} admits the function URLs of every AWS account in {}, so data of a task may go to "
        "anybody's function: write the hosts with the ids of your own URLs",
        rule.hosts->called(),
        everywhere ? "every region" : fmt::format("{}", fmt::join(open, ", "))));
  }
}

// Only what the paths say: links are followed when a task asks.
void note_own_files(const config::settings& settings, std::vector<std::string>& notes) {
  if (settings.secrets.directory.empty()) return;
  namespace fs = std::filesystem;
  const auto folder = fs::absolute(settings.secrets.directory).lexically_normal() / "";
  for (const auto& [path, named_by] : settings.secrets.own_files) {
    const auto file = fs::absolute(path).lexically_normal();
    if (!file.native().starts_with(folder.native())) continue;
    notes.push_back(fmt::format(
        "SECRETS_DIR holds the worker's own file {}, which {} names: tasks cannot use it. Give the "
        "secrets of tasks a folder of their own",
        path, named_by));
  }
}

void note_unplaced_secrets(const config::settings& settings, std::vector<std::string>& notes) {
  for (const auto& header : settings.jobs.default_headers) {
    if (header.name != "secrets") continue;
    const auto listed = secrets::listing::read(header.value);
    if (!listed || listed->without_place().empty()) continue;
    notes.push_back(fmt::format(
        "the default header secrets lists {} without a place: text that an end user typed into any "
        "variable of a task can refer to it; write place:NAME, such as payload.token:{}",
        fmt::join(listed->without_place(), ", "), listed->without_place().front()));
  }
}

bool is_drop_in(const config::served_type& type,
                const std::map<std::string, std::string>& headers) {
  return jobs::is_drop_in(connector::spec_of(type.operation), headers);
}

void note_drop_in(const config::settings& settings, std::vector<std::string>& notes) {
  std::string types;
  for (const auto& type : settings.jobs.types) {
    if (!is_drop_in(type, config::default_headers_of(settings.jobs, type.job_type))) continue;
    types += (types.empty() ? "" : ", ") + type.job_type;
  }
  if (types.empty()) return;
  notes.push_back(fmt::format(
      "tasks of {} may refer to secrets anywhere in their variables, as at the connector "
      "runtime: text that an end user typed can name any secret. ALLOWED_SECRETS limits "
      "the names",
      types));
}

// Types whose tasks do not say where their inputs come from.
void note_inputs(const config::settings& settings, std::vector<std::string>& notes) {
  std::string types;
  for (const auto& type : settings.jobs.types) {
    const auto headers = config::default_headers_of(settings.jobs, type.job_type);
    if (headers.contains("inputs") || is_drop_in(type, headers)) continue;
    types += (types.empty() ? "" : ", ") + type.job_type;
  }
  if (types.empty()) return;
  notes.push_back(fmt::format(
      "a task that maps nothing and has no header inputs takes its inputs from process variables "
      "as "
      "they are ({}): LAMBDA_CONNECTOR_DEFAULT_HEADERS=inputs=lambda takes the object lambda alone",
      types));
}

template <class Wanted>
std::string types_with(const config::settings& settings, const Wanted& wanted) {
  std::string types;
  for (const auto& type : settings.jobs.types) {
    if (wanted(type)) types += (types.empty() ? "" : ", ") + type.job_type;
  }
  return types;
}

std::string types_with_lease(const config::settings& settings) {
  return types_with(settings, [&](const auto& type) {
    return config::lease_of(settings.jobs, type.job_type) != jobs::lease_mode::off;
  });
}

// A job that was ever activated with a lease is lost to a part of a mixed fleet, in silence.
void note_leases(const config::settings& settings, std::vector<std::string>& notes) {
  if (const auto types = types_with_lease(settings); !types.empty()) {
    notes.push_back(fmt::format(
        "jobs of {} are activated with a lease (jobs.lease): a job once leased never reaches a "
        "worker of its type that does not lease, also not after a failure; let every worker of "
        "these types lease, another runtime's too",
        types));
  }
  const auto shared = types_with(settings, [&](const auto& type) {
    return is_drop_in(type, config::default_headers_of(settings.jobs, type.job_type)) &&
           config::lease_of(settings.jobs, type.job_type) == jobs::lease_mode::off;
  });
  if (shared.empty()) return;
  notes.push_back(fmt::format(
      "jobs of {0} are activated without a lease: if another runtime of this type leases "
      "(with-lease), the jobs that it had never come here; LAMBDA_CONNECTOR_JOB_LEASE={0}=offered "
      "gets them",
      shared));
}

}  // namespace

std::string lacking_of_engine(const config::settings& settings, std::string_view version) {
  const auto found = engine::read_version(version);
  if (!found || *found >= engine::version_of_leases) return {};
  const auto types = types_with(settings, [&](const auto& type) {
    return config::lease_of(settings.jobs, type.job_type) == jobs::lease_mode::required;
  });
  if (types.empty()) return {};
  return fmt::format(
      "jobs.lease=required for {}, and the engine ({}) gives no lease tokens before 8.10: these "
      "jobs go back with their retries and are not run; offered lets them run",
      types, version);
}

std::vector<std::string> notes_of(const config::settings& settings, const std::string& region) {
  std::vector<std::string> notes;
  if (!settings.policy.everywhere.functions) {
    notes.emplace_back("ALLOWED_FUNCTIONS is not set: tasks may call what IAM lets them");
  }
  if (!settings.limits.empty()) {
    notes.emplace_back(
        "limits.functions counts for each worker by itself: several workers together call as many "
        "times as often");
  }
  note_open_hosts(settings, notes);
  note_unplaced_secrets(settings, notes);
  note_own_files(settings, notes);
  const auto all = settings.policy.all();
  const auto takes_engine_keys = [](const policy::rule& rule) {
    return rule.require_secret_references == policy::reference_rule::engine;
  };
  if (std::any_of(all.begin(), all.end(), takes_engine_keys)) {
    notes.emplace_back(
        "REQUIRE_SECRET_REFERENCES=engine: a key that a person typed into a variable looks like "
        "one that the engine put there, and is taken from engines since 8.10");
  }
  if (settings.secrets.in_data_any) {
    notes.emplace_back("SECRETS_IN_DATA=any: text that an end user typed can name any secret");
  }
  note_drop_in(settings, notes);
  note_inputs(settings, notes);
  note_leases(settings, notes);
  if (region.empty()) {
    notes.emplace_back("no region is set: every task must name one, or give an ARN");
  } else if (!config::is_known_region(region) && !config::near_region(region)) {
    notes.push_back(fmt::format("the region {} is not known to this version", region));
  }
  return notes;
}

}  // namespace worker::cli
