// How the instance metadata of EC2 is to be asked, by the variables that the SDKs know. Pure.
// Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
#pragma once

#include <boost/system/result.hpp>
#include <string>

#include "connector/aws/credentials/metadata/metadata_request.h"
#include "connector/aws/credentials/source.h"
#include "connector/http/message.h"

namespace connector::aws {

struct imds_settings {
  http::destination to{false, "169.254.169.254", 80};
  // No setting names an endpoint. Then silence at the usual address means that there is no service.
  bool implied = true;
  std::string base_path;  // in front of every path, without a slash at its end
  metadata_limits limits;
  // Asking without a token (version 1). The SDKs do so unless AWS_EC2_METADATA_V1_DISABLED is true;
  // here it must be asked for with the value false, because a request that any program on the way
  // can make is what version 2 was made against.
  bool version_1 = false;
};

// Failures: `not_configured` with AWS_EC2_METADATA_DISABLED=true, `rejected` for a value that is
// none (the message names the variable).
using imds_settings_result = boost::system::result<imds_settings, source_failure>;
imds_settings_result imds_settings_of(const variables& look_up);

}  // namespace connector::aws
