// The two shared files of the AWS tools, read when they are asked for and again when they changed.
// Which files and which profile comes from AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE and
// AWS_PROFILE, else from ~/.aws and "default". Others read region and endpoints here. Loop's
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connector/aws/credentials/environment_credentials.h"
#include "connector/aws/credentials/shared_config/profile_file.h"
#include "connector/aws/credentials/source.h"
#include "connector/base/file_text.h"

namespace connector::aws {

class shared_files {
 public:
  // `profile` instead of the one that AWS_PROFILE names, when it is not empty.
  explicit shared_files(const variables& look_up, const std::string& profile = {});

  using read_result = boost::system::result<std::shared_ptr<const profile_files>, source_failure>;

  // As they are now; from memory when they did not change. A file that does not exist counts as
  // empty, unless a variable names it. A file over 1 MiB, or with a line that cannot be, is
  // refused.
  read_result read();

  // Whether they differ from the last read. Looks at the files' stamps only.
  [[nodiscard]] bool changed() const;

  [[nodiscard]] const std::string& profile() const { return profile_; }
  [[nodiscard]] bool profile_asked_for() const { return asked_for_; }

  // Of the profile, as the files are now; empty: not set, or the files cannot be read (the source
  // of credentials says why).
  std::string setting(const std::string& name);
  // `endpoint_url` for a service ("lambda", "sts"): of the profile's `services` section, else of
  // the profile itself.
  std::string endpoint_url(const std::string& service);

 private:
  struct file {
    std::string path;      // empty: the file has no path
    std::string variable;  // that names it; empty: no variable does
    std::optional<file_stamp> stamp;
  };

  boost::system::result<void, source_failure> read_one(file& which, profile_file_kind kind,
                                                       profile_files& into) const;

  file config_;
  file credentials_;
  std::string profile_;
  bool asked_for_ = false;
  std::optional<read_result> last_;
  bool retries_ = false;  // the last read may have another result, though the files are the same
};

}  // namespace connector::aws
