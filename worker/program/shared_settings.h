// What the shared files of the AWS tools say beside credentials: region, endpoints, FIPS and the
// like, for settings that nobody gave otherwise. Once at start.
#pragma once

#include "connector/aws/credentials/environment_credentials.h"
#include "connector/aws/credentials/shared_config/shared_files.h"
#include "worker/config/settings.h"

namespace worker::program {

// Variables of the environment count before the files, an endpoint for one service before the one
// for all, as in the AWS SDKs.
config::aws_settings with_shared_files(config::aws_settings aws,
                                       connector::aws::shared_files& files);

// The variables that credentials come from; `aws` outlives what is given back.
connector::aws::variables variables_of(const config::aws_settings& aws);

}  // namespace worker::program
