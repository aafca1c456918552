// Sources that ask STS: a role taken over with other credentials, and one taken over with the token
// that the platform wrote into a file. Loop's thread; `from` below is STS and outlives them.
#pragma once

#include <memory>
#include <string>

#include "connector/aws/credentials/source.h"
#include "connector/aws/credentials/sts/sts.h"

namespace connector::aws {

// AssumeRole. When STS calls the credentials of `base` expired, or does not know them, they are
// fetched again, once.
std::unique_ptr<credentials_source> make_role_source(sts& from,
                                                     std::unique_ptr<credentials_source> base,
                                                     assumed_role role, std::string region);

// AssumeRoleWithWebIdentity. The file is read at every fetch, because the platform rotates it.
std::unique_ptr<credentials_source> make_web_identity_source(sts& from, assumed_role role,
                                                             std::string token_file,
                                                             std::string region);

// The same from AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME; not_configured
// without the first, refused without the second.
std::unique_ptr<credentials_source> make_web_identity_source(sts& from, const variables& look_up,
                                                             std::string region);

}  // namespace connector::aws
