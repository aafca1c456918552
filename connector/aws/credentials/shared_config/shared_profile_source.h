// Credentials of a profile of the shared files, whatever the profile says: keys, a process, roles
// one after the other. Loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connector/aws/credentials/shared_config/shared_files.h"
#include "connector/aws/credentials/source.h"
#include "connector/aws/credentials/sts/sts.h"

namespace connector::aws {

// How sources are made that a profile may name; what they refer to outlives the files' source.
struct source_makers {
  std::function<std::unique_ptr<credentials_source>()> environment;
  std::function<std::unique_ptr<credentials_source>()> container;
  std::function<std::unique_ptr<credentials_source>()> imds;
  // `name` is for people: profile, file and line.
  std::function<std::unique_ptr<credentials_source>(secret_string command, std::string name)>
      process;
};

// The profile of `files`. `region` is where STS is asked; `files` and `from` outlive the source.
std::unique_ptr<credentials_source> make_files_source(shared_files& files, sts& from,
                                                      std::string region, source_makers makers);

}  // namespace connector::aws
