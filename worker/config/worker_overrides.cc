#include "worker/config/worker_overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "connector/base/number.h"
#include "worker/config/variable_names.h"

namespace worker::config {

namespace {

// As relaxed_name writes them; the second is what it makes of `camunda.client.zeebe.override`.
constexpr std::array<std::string_view, 3> starts = {
    "CAMUNDACLIENTWORKEROVERRIDE", "CAMUNDACLIENTOVERRIDE", "ZEEBECLIENTWORKEROVERRIDE"};
constexpr int max_active = 10'000;

// TYPE and PROPERTY without marks; nothing for other variables.
std::optional<std::string> rest_of(std::string_view name) {
  const auto relaxed = relaxed_name(name);
  for (const auto start : starts) {
    if (relaxed.starts_with(start)) return relaxed.substr(start.size());
  }
  return std::nullopt;
}

// Letters and digits, in upper case: names of variables have nothing else between their marks.
std::string plain(std::string_view type) {
  std::string out;
  for (const char c : type) {
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

class overrides {
 public:
  overrides(const sources& from, loaded& into) : from_(from), into_(into) {}

  void run() {
    for (const auto& [name, value] : from_.environment) {
      if (value.empty()) continue;
      if (const auto rest = rest_of(name)) apply(name, *rest, value);
    }
    auto& types = into_.values.jobs.types;
    if (types.empty() || disabled_.empty()) return;
    std::erase_if(types, [&](const served_type& each) {
      return std::find(disabled_.begin(), disabled_.end(), each.job_type) != disabled_.end();
    });
    if (types.empty()) {
      into_.issues.push_back({"jobs.types", last_disabled_, "no job type is left to serve."});
    }
  }

 private:
  // The served type that the name begins with; of several the longest.
  [[nodiscard]] const served_type* type_of(std::string_view rest) const {
    const served_type* found = nullptr;
    std::size_t length = 0;
    for (const auto& each : into_.values.jobs.types) {
      const auto wanted = plain(each.job_type);
      if (!rest.starts_with(wanted) || wanted.size() <= length) continue;
      found = &each;
      length = wanted.size();
    }
    return found;
  }

  void apply(const std::string& name, std::string_view rest, const std::string& value) {
    const auto* const type = type_of(rest);
    if (type == nullptr) {
      into_.warnings.push_back(
          fmt::format("{} names no job type that is served (jobs.types) and is not used.", name));
      return;
    }
    rest.remove_prefix(plain(type->job_type).size());
    if (rest == "MAXJOBSACTIVE") {
      set_max_active(name, type->job_type, value);
    } else if (rest == "WITHLEASE") {
      set_lease(name, type->job_type, value);
    } else if (rest == "ENABLED") {
      set_enabled(name, type->job_type, value);
    } else {
      into_.warnings.push_back(fmt::format(
          "{} is not used: of one job type only max-jobs-active, with-lease and enabled "
          "can be set so; LAMBDA_CONNECTOR_DEFAULT_HEADERS=TYPE:HEADER=VALUE sets headers.",
          name));
    }
  }

  void set_max_active(const std::string& name, const std::string& type, const std::string& value) {
    const auto number = connector::integer_in(value, 1, max_active);
    if (!number) {
      into_.issues.push_back({"jobs.maxActiveOfType", name,
                              fmt::format("it must be a whole number from 1 to {}.", max_active)});
      return;
    }
    auto& all = into_.values.jobs.max_active_of_type;
    const auto [at, is_new] = all.emplace(type, *number);
    if (is_new) {
      show("jobs.maxActiveOfType", type, std::to_string(*number), name);
    } else if (at->second != *number) {
      warn_of_other("jobs.maxActiveOfType", std::to_string(at->second), type, name);
    }
  }

  void set_lease(const std::string& name, const std::string& type, const std::string& value) {
    if (value != "true" && value != "false") {
      into_.issues.push_back({"jobs.lease", name, "it must be true or false."});
      return;
    }
    // The runtime hands back a job that it got without a token, when it asked for one.
    const auto mode = value == "true" ? jobs::lease_mode::required : jobs::lease_mode::off;
    const auto [at, is_new] = into_.values.jobs.lease_of_type.emplace(type, mode);
    if (is_new) {
      show("jobs.lease", type, std::string(name_of(mode)), name);
    } else if (at->second != mode) {
      warn_of_other("jobs.lease", name_of(at->second), type, name);
    }
  }

  void warn_of_other(std::string_view key, std::string_view value, const std::string& type,
                     const std::string& name) {
    into_.warnings.push_back(
        fmt::format("{} says {} for {} and counts; {} has another value and is not used.", key,
                    value, type, name));
  }

  void set_enabled(const std::string& name, const std::string& type, const std::string& value) {
    if (value == "false") {
      disabled_.push_back(type);
      last_disabled_ = name;
    } else if (value != "true") {
      into_.issues.push_back({"jobs.types", name, "it must be true or false."});
    }
  }

  void show(std::string_view key, const std::string& type, const std::string& value,
            const std::string& name) {
    for (auto& one : into_.values.shown) {
      if (one.key != key) continue;
      one.value += fmt::format("{}{}={}", one.value.empty() ? "" : ",", type, value);
      one.source = one.source == "default" ? name : one.source + ", " + name;
    }
  }

  const sources& from_;
  loaded& into_;
  std::vector<std::string> disabled_;
  std::string last_disabled_;
};

}  // namespace

bool is_worker_override(std::string_view name) { return rest_of(name).has_value(); }

void apply_worker_overrides(const sources& from, loaded& into) { overrides(from, into).run(); }

}  // namespace worker::config
