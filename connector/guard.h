// The operator's allow-lists of functions, hosts, roles and profiles for jobs. The worker chooses
// the lists that apply to a job and passes them with the call; the connector checks the call
// against them. Part of the door. Plain values and pure functions; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connector/allow_list.h"
#include "connector/base/result.h"

namespace connector {

// The lists that apply to one job. WARNING: without a list of functions every function is allowed
// (IAM decides); without a list of hosts, roles or profiles every one of them is refused. With
// several lists of one kind each must allow it.
struct guard {
  using lists = std::vector<std::shared_ptr<const allow_list>>;
  lists functions;
  lists hosts;
  lists roles;
  lists profiles;
  // Names of the lists that the operator has for other jobs, for messages.
  struct lists_of_others {
    std::vector<std::string> hosts;
    std::vector<std::string> roles;
    std::vector<std::string> profiles;
  };
  lists_of_others others;
};

// FORBIDDEN, permanent. The message names what was refused, the function that the task calls (may
// be empty), the list that refused it and whom to ask; never the content of the list.
result<void> check_function(const guard& by, const guarded_function& function);
// `noun` is what job data gave: "the endpoint", "the function URL".
result<void> check_host(const guard& by, const guarded_host& host, std::string_view noun,
                        std::string_view for_function = {});
result<void> check_role(const guard& by, std::string_view arn, std::string_view for_function = {});
result<void> check_profile(const guard& by, std::string_view name,
                           std::string_view for_function = {});

}  // namespace connector
