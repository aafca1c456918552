// The shared files and what a profile of them means: every text is read or refused with a line that
// exists, and no plan has a circle, a role that STS would refuse, or half of a key pair.
#include <algorithm>

#include "connector/aws/credentials/shared_config/command_words.h"
#include "connector/aws/credentials/shared_config/profile_plan.h"
#include "connector/aws/credentials/sts/sts_request.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace aws = connector::aws;

std::string check_profiles(const aws::profile_plan& plan) {
  using base = aws::profile_plan::base;
  if (plan.roles.size() > 10) return "more than ten roles";
  for (const auto& step : plan.roles) {
    if (aws::find_error(step.role)) return "a role that STS would refuse";
  }
  const bool keys = !plan.keys.access_key_id.empty();
  if (keys != (plan.from == base::keys)) return "keys that are not the beginning";
  if (keys == plan.keys.secret_access_key.empty()) return "half of a key pair";
  if (plan.from == base::web_identity && plan.token_file.empty()) return "no token file";
  return {};
}

std::string run_shared_profiles(std::string_view text) {
  for (const auto kind : {aws::profile_file_kind::config, aws::profile_file_kind::credentials}) {
    aws::profile_files files;
    const auto read = aws::read_profile_file(text, "f", kind, files);
    if (!read) {
      if (!read.error().message.starts_with("f line ")) return "a complaint without its line";
      continue;
    }
    for (const auto& [name, profile] : files.profiles) {
      const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
      if (profile.at.line < 1 || profile.at.line > lines) return "a line that is not there";
      const auto plan = aws::plan_profile(files, name, true);
      if (!plan && plan.error().reason == aws::source_failure::kind::not_configured) {
        return "a profile that was asked for and passed over";
      }
      if (plan) {
        if (auto wrong = check_profiles(*plan); !wrong.empty()) return wrong;
      }
    }
  }
  const auto command = aws::split_command(text);
  if (command.wrong.empty() == command.words.empty()) return "neither words nor a complaint";
  return {};
}

}  // namespace

target shared_profiles() {
  target out{
      "SharedProfiles",
      run_shared_profiles,
      {"[default]\naws_access_key_id = A\naws_secret_access_key = b # c\n",
       "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/x\nsource_profile=b\n"
       "[profile b]\naws_access_key_id=A\naws_secret_access_key=b\n",
       "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/x\nsource_profile=a\n",
       "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/x\ncredential_source=Environment\n"
       "duration_seconds=900\n",
       "[services s]\nlambda =\n  endpoint_url = http://x\n[profile a]\nservices=s\n",
       "/bin/x 'a b' \"c\\\"d\" e\\ f", "x | y"},
      {"[",
       "]",
       "profile ",
       "default",
       "services ",
       "=",
       "\n",
       "\r\n",
       "\n  ",
       " #",
       " ;",
       "source_profile",
       "role_arn",
       "credential_process",
       "web_identity_token_file",
       "mfa_serial",
       "sso_session",
       "'",
       "\"",
       "\\",
       "aws_access_key_id",
       "arn:aws:iam::123456789012:role/x"}};
  add_numbers(out.seeds,
              "[profile "
              "a]\nrole_arn=arn:aws:iam::123456789012:role/"
              "x\ncredential_source=Environment\nduration_seconds=",
              "\n");
  return out;
}

}  // namespace fuzz
