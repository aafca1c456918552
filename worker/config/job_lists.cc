#include "worker/config/job_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/number.h"
#include "worker/dropin/inputs.h"

namespace worker::config {

namespace {

constexpr std::size_t max_types = 100;
constexpr std::size_t max_headers = 1000;
constexpr std::size_t longest_type = 200;
constexpr int max_active = 10'000;

std::string known_operations() {
  std::string names;
  for (const auto& each : connector::operations()) {
    if (!names.empty()) names += ", ";
    names += each.name;
  }
  return names;
}

const connector::operation_spec* by_default_type(std::string_view type) {
  if (type == dropin::job_type) return &connector::spec_of(connector::operation_id::invoke);
  for (const auto& each : connector::operations()) {
    if (each.default_job_type == type) return &each;
  }
  return nullptr;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
    return connector::ascii::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
  });
}

// Without types their list is wrong itself, and said to be.
bool is_served(const std::vector<served_type>& types, const std::string& type) {
  const auto same = [&](const served_type& each) { return each.job_type == type; };
  return types.empty() || std::any_of(types.begin(), types.end(), same);
}

std::optional<jobs::lease_mode> lease_mode_of(std::string_view word) {
  if (word == "true") return jobs::lease_mode::required;
  if (word == "false") return jobs::lease_mode::off;
  return jobs::find_lease_mode(word);
}

}  // namespace

std::optional<std::string> read_served_types(const std::vector<std::string>& items,
                                             std::vector<served_type>& types) {
  if (items.size() > max_types) return fmt::format("at most {} job types", max_types);
  for (const auto& item : items) {
    const std::size_t equals = item.rfind('=');
    const auto type = trimmed(item.substr(0, equals));
    const auto* operation = equals == std::string::npos
                                ? by_default_type(type)
                                : connector::find_operation(trimmed(item.substr(equals + 1)));
    if (operation == nullptr || type.empty() || type.size() > longest_type) {
      return fmt::format(
          "type=operation pairs such as billingLambda.INVOKE=invoke, the operation one of {}; what "
          "is wrong is '{}'",
          known_operations(), item.substr(0, longest_type));
    }
    for (const auto& other : types) {
      if (other.job_type == type) return fmt::format("each job type once; '{}' stands twice", type);
    }
    types.push_back({type, operation->id});
  }
  if (types.empty()) return std::string("at least one job type");
  return std::nullopt;
}

std::string default_served_types(std::string_view profile) {
  if (profile == "camunda") return std::string(dropin::job_type);
  std::string items;
  for (const auto& each : connector::operations()) {
    if (!each.served_by_default) continue;
    if (!items.empty()) items += ",";
    items += fmt::format("{}={}", each.default_job_type, each.name);
  }
  return items;
}

std::optional<std::string> read_default_headers(const std::vector<std::string>& items,
                                                std::vector<default_header>& headers) {
  if (items.size() > max_headers) return fmt::format("at most {} headers", max_headers);
  for (const auto& item : items) {
    const std::size_t equals = item.find('=');
    const auto before = trimmed(item.substr(0, equals));
    const std::size_t colon = before.rfind(':');
    default_header header;
    if (colon != std::string::npos) header.job_type = before.substr(0, colon);
    header.name = colon == std::string::npos ? before : before.substr(colon + 1);
    if (equals == std::string::npos || !is_header_name(header.name) || colon == 0) {
      // By its number: what cannot be read may be a value, and values may be keys.
      return fmt::format(
          "header=value or type:header=value entries, separated by ; or one to a line; what is "
          "wrong is entry {}",
          &item - items.data() + 1);
    }
    header.value = trimmed(item.substr(equals + 1));
    const auto same = [&](const default_header& other) {
      return other.job_type == header.job_type && other.name == header.name;
    };
    if (std::any_of(headers.begin(), headers.end(), same)) {
      return fmt::format("each header once; '{}' stands twice", before);
    }
    headers.push_back(std::move(header));
  }
  return std::nullopt;
}

std::map<std::string, std::string> default_headers_of(const job_settings& jobs,
                                                      std::string_view job_type) {
  std::map<std::string, std::string> headers;
  for (const auto& each : jobs.default_headers) {
    if (each.job_type.empty()) headers.emplace(each.name, each.value);
  }
  for (const auto& each : jobs.default_headers) {
    if (each.job_type == job_type) headers.insert_or_assign(each.name, each.value);
  }
  if (job_type == dropin::job_type) headers.emplace("profile", "camunda");
  if (!jobs.profile.empty()) headers.emplace("profile", jobs.profile);
  return headers;
}

std::optional<std::string> read_active_of_type(const std::vector<std::string>& items,
                                               const std::vector<served_type>& types,
                                               std::map<std::string, int>& active) {
  for (const auto& item : items) {
    const std::size_t equals = item.rfind('=');
    const auto type = trimmed(item.substr(0, equals));
    const auto text = equals == std::string::npos ? "" : trimmed(item.substr(equals + 1));
    const auto number = connector::integer_in(text, 1, max_active);
    if (!number) {
      return fmt::format("type=number pairs, the number from 1 to {}; what is wrong is '{}'",
                         max_active, item.substr(0, longest_type));
    }
    if (!is_served(types, type)) {
      return fmt::format("job types that are served (jobs.types); '{}' is not",
                         type.substr(0, longest_type));
    }
    if (!active.emplace(type, *number).second) {
      return fmt::format("each job type once; '{}' stands twice", type);
    }
  }
  return std::nullopt;
}

std::optional<std::string> read_leases(const std::vector<std::string>& items, job_settings& jobs) {
  bool everywhere = false;
  for (const auto& item : items) {
    const std::size_t equals = item.rfind('=');
    const auto type = equals == std::string::npos ? std::string() : trimmed(item.substr(0, equals));
    const auto mode =
        lease_mode_of(trimmed(item.substr(equals == std::string::npos ? 0 : equals + 1)));
    if (!mode || (type.empty() && equals != std::string::npos)) {
      return fmt::format(
          "off, offered or required for all job types, or type=mode pairs; what is wrong is '{}'",
          item.substr(0, longest_type));
    }
    if (type.empty()) {
      if (std::exchange(everywhere, true)) return std::string("one mode for all job types");
      jobs.lease = *mode;
      continue;
    }
    if (!is_served(jobs.types, type)) {
      return fmt::format("job types that are served (jobs.types); '{}' is not",
                         type.substr(0, longest_type));
    }
    if (!jobs.lease_of_type.emplace(type, *mode).second) {
      return fmt::format("each job type once; '{}' stands twice", type);
    }
  }
  return std::nullopt;
}

jobs::lease_mode lease_of(const job_settings& jobs, const std::string& job_type) {
  const auto found = jobs.lease_of_type.find(job_type);
  return found == jobs.lease_of_type.end() ? jobs.lease : found->second;
}

}  // namespace worker::config
