// The settings of the shared files of the AWS tools: region, endpoints, FIPS and the like. They
// fill the settings that the operator has not set. Once at start.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/aws/credentials/environment_credentials.h"
#include "connector/aws/credentials/shared_config/shared_files.h"
#include "worker/config/settings.h"

namespace worker::program {

// Throws std::runtime_error for a region that cannot be one; with `mistakes` it goes there, and
// there is no region. As in the AWS SDKs, a variable counts before the files, and the endpoint of
// one service before the endpoint of all.
config::aws_settings with_shared_files(config::aws_settings aws,
                                       connector::aws::shared_files& files,
                                       std::vector<std::string>* mistakes = nullptr);

// Names a setting of those files, for messages.
std::string source_in_shared_files(std::string_view key, const connector::aws::shared_files& files);

// What of the files has no effect here and would have one in the SDKs, or is no value; a sentence
// each. `aws`: before the files filled it.
std::vector<std::string> warnings_of_shared_files(const config::aws_settings& aws,
                                                  connector::aws::shared_files& files);

// The region of calls that name none (may be empty), and its partition. Throws as above.
struct aws_home {
  std::string region;
  std::string partition;  // "aws" when the region is unknown
};
aws_home aws_home_of(const config::aws_settings& aws);

// The variables that credentials come from. `aws` must outlive the result.
connector::aws::variables variables_of(const config::aws_settings& aws);

}  // namespace worker::program
