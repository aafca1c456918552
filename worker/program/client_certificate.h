// The worker's certificate as its proof at the token server: read from its files for each
// assertion, so that a renewed one counts with the next token. Loop's thread.
#pragma once

#include <boost/system/result.hpp>
#include <functional>
#include <string>

#include "connector/oauth/token_request.h"
#include "worker/config/settings.h"

namespace worker::program {

// An error names the setting, the file and what is wrong with it.
std::function<boost::system::result<connector::oauth::client_proof, std::string>()>
proof_by_certificate(const config::login_settings& from);

}  // namespace worker::program
