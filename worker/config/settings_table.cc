#include "worker/config/settings_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "worker/config/job_lists.h"
#include "worker/config/setting_rows.h"
#include "worker/config/setting_stores.h"

namespace worker::config {

namespace {

using type = setting_type;
using setting_rows::of_path;

constexpr std::string_view log_levels[] = {"debug", "info", "warning", "warn", "error", "off"};
constexpr std::string_view log_formats[] = {"json", "text"};

// clang-format off
constexpr setting_spec first_rows[] = {
  // First: the rows below look into this file.
  {"config.file", "--config", "LAMBDA_CONNECTOR_CONFIG", type::path, of_path, {}, {},
   "YAML file with settings under these names, credential profiles and guards", config_file_to},
};

constexpr setting_spec last_rows[] = {
  {"log.level", "--log-level", "LOG_LEVEL", type::words,
   {0, 0, log_levels}, "info", {}, "Least level that is logged",
   level_to},
  {"log.format", "--log-format", "LOG_FORMAT", type::words, {0, 0, log_formats}, "json", {},
   "One JSON object per line, or text for a terminal", format_to},
  {"log.completedJobs", "--log-completed-jobs", "LAMBDA_CONNECTOR_LOG_COMPLETED_JOBS", type::boolean,
   {}, "true", {},
   "Whether a completed job gets a line; jobs with another end always do", flag_to<&settings::log, &log_settings::successes>},

  {"admin.address", "--admin-address", "LAMBDA_CONNECTOR_ADMIN_ADDRESS", type::text,
   {1, 100, {}}, "8080", {},
   "Where health and metrics are served: PORT (0: any free one), ADDRESS:PORT, or off", listen_to},
  {"admin.statusPage", "--status-page", "LAMBDA_CONNECTOR_STATUS_PAGE", type::boolean, {}, "false", {},
   "Serve the status page at / also where the admin address is not loopback", flag_to<&settings::admin, &admin_settings::status_page>},
  {"admin.timedFunctions", "--timed-functions", "LAMBDA_CONNECTOR_TIMED_FUNCTIONS", type::integer,
   {0, 1000, {}}, "0", {},
   "Functions that get a histogram of their call times in the metrics; further ones count as (others)",
   size_to<&settings::admin, &admin_settings::timed_functions>},
};
// clang-format on

}  // namespace

std::span<const setting_spec> settings_table() {
  static const std::vector<setting_spec> rows = [] {
    std::vector<setting_spec> all;
    const std::span<const setting_spec> parts[] = {first_rows,
                                                   setting_rows::of_gateway(),
                                                   setting_rows::of_jobs(),
                                                   setting_rows::of_aws(),
                                                   setting_rows::of_policy(),
                                                   last_rows};
    for (const auto part : parts) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rows;
}

std::vector<std::string_view> variables_of(const setting_spec& spec) {
  std::vector<std::string_view> names;
  std::string_view rest = spec.variables;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    names.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return names;
}

bool setting_spec::in_milliseconds() const {
  return variables.starts_with("CAMUNDA_") || variables.starts_with("ZEEBE_");
}

std::string says_nothing(const setting_spec& spec) {
  const auto standard = spec.standard.empty() ? spec.standard_says : spec.standard;
  const std::string_view instead = spec.type == setting_type::boolean ? "write true or false"
                                   : spec.type != setting_type::list  ? "write its value"
                                   : spec.bounds.least == 0 ? "write [] for a list without entries"
                                                            : "name at least one";
  return fmt::format("it is empty: {}, or take the line away{}{}.", instead,
                     standard.empty() ? "" : ", which means: ", standard);
}

std::string shown_default(const setting_spec& spec) {
  if (spec.key == "jobs.types") return default_served_types({});
  return std::string(spec.standard.empty() ? spec.standard_says : spec.standard);
}

std::string joined_variables(const setting_spec& spec, std::string_view before,
                             std::string_view after, std::string_view between) {
  std::string out;
  for (const auto name : variables_of(spec)) {
    if (!out.empty()) out += between;
    out.append(before).append(name).append(after);
  }
  return out;
}

}  // namespace worker::config
