#include "connector/guard.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "connector/base/shortened.h"

namespace connector {

namespace {

error forbidden(std::string message) {
  error e;
  e.code = error_code::forbidden;
  e.failure = failure_class::permanent;
  e.message = std::move(message);
  return e;
}

// The subject of a check, for its message.
struct subject {
  std::string text;                        // "Role arn:... (authentication.roleArn)"
  std::string_view kind;                   // "roles"
  std::string_view variable;               // "ALLOWED_ROLE_ARNS"
  std::string_view for_function;           // may be empty
  const std::vector<std::string>* others;  // null: no list means that everything is allowed
};

constexpr std::string_view whom_to_ask = "Ask the operator of this worker.";

error refused(const subject& about, std::string_view why) {
  const auto function =
      about.for_function.empty()
          ? std::string()
          : fmt::format(" for function \"{}\"", shortened(about.for_function, 200));
  return forbidden(fmt::format("{}{} is refused: {} {}", about.text, function, why, whom_to_ask));
}

error refused_without_list(const subject& about) {
  if (about.others->empty()) {
    return refused(about, fmt::format("this worker allows no {} ({} is not set).", about.kind,
                                      about.variable));
  }
  return refused(about,
                 fmt::format("{} is not set, and what has a list of {} is for other job types, "
                             "tenants or processes: {}.",
                             about.variable, about.kind, fmt::join(*about.others, ", ")));
}

template <class Allows>
result<void> check(const guard::lists& lists, const subject& about, const Allows& allows,
                   std::string_view advice = {}) {
  if (lists.empty() && about.others != nullptr) return refused_without_list(about);
  for (const auto& list : lists) {
    if (allows(*list)) continue;
    return refused(about, fmt::format("it is not on the allow-list {}.{}", list->called(), advice));
  }
  return {};
}

}  // namespace

result<void> check_function(const guard& by, const guarded_function& function) {
  const subject about{fmt::format("Function \"{}\"", shortened(function.name, 200)),
                      "functions",
                      "ALLOWED_FUNCTIONS",
                      {},
                      nullptr};
  // A task that gives the ARN of a function whose plain name is allowed.
  guarded_function plain;
  plain.name = function.name;
  const bool by_name = !function.account.empty() &&
                       std::all_of(by.functions.begin(), by.functions.end(), [&](const auto& list) {
                         return list->allows(plain) || list->allows(function);
                       });
  return check(
      by.functions, about, [&](const allow_list& list) { return list.allows(function); },
      by_name ? " The list has its plain name, and the task gives an ARN, which only patterns of "
                "ARNs allow."
              : "");
}

result<void> check_host(const guard& by, const guarded_host& host, std::string_view noun,
                        std::string_view for_function) {
  // Without the host: it is in small letters here, where a secret in it would not be recognised.
  const subject about{fmt::format("The host of {}", noun), "hosts", "ALLOWED_HOSTS", for_function,
                      &by.others.hosts};
  return check(by.hosts, about, [&](const allow_list& list) { return list.allows(host); });
}

result<void> check_role(const guard& by, std::string_view arn, std::string_view for_function) {
  const subject about{fmt::format("Role {} (authentication.roleArn)", shortened(arn, 300)), "roles",
                      "ALLOWED_ROLE_ARNS", for_function, &by.others.roles};
  return check(by.roles, about, [&](const allow_list& list) { return list.allows_role(arn); });
}

result<void> check_profile(const guard& by, std::string_view name, std::string_view for_function) {
  const subject about{
      fmt::format("Credential profile \"{}\" (authentication.name)", shortened(name, 200)),
      "credential profiles", "ALLOWED_PROFILES", for_function, &by.others.profiles};
  return check(by.profiles, about, [&](const allow_list& list) { return list.allows_name(name); });
}

}  // namespace connector
