// How the keys of a profile are obtained: the first credentials, and the roles to assume with them,
// one after the other. Follows source_profile through the files; refuses loops and contradictions.
// Pure.
// Source: "Shared config and credentials files" and "Assume role credential provider" of the AWS
// SDKs and Tools Reference Guide.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "connector/aws/credentials/credentials.h"
#include "connector/aws/credentials/shared_config/profile_file.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

struct profile_plan {
  enum class base {
    keys,          // `keys`
    process,       // `command`
    web_identity,  // `web_role` with the token in `token_file`
    environment,   // credential_source of that name, and so on
    container,
    imds,
  };
  struct step {
    assumed_role role;
    std::string profile;  // that asks for the role
  };

  base from = base::keys;
  credentials keys;
  secret_string command;
  assumed_role web_role;
  std::string token_file;
  std::string profile;      // that says where to begin
  file_place at;            // of the line that says so
  std::vector<step> roles;  // the first is taken over first
};

using planned = boost::system::result<profile_plan, source_failure>;

// Of profile `name`. `asked_for`: a setting or a task names it, so it must exist and give keys;
// else an absent or empty profile is not_configured. All else that is wrong is refused with file,
// line and profile.
planned plan_profile(const profile_files& files, const std::string& name, bool asked_for);

}  // namespace connector::aws
