// URLs as an operator or a platform sets them: metadata services, token servers. Pure.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace connector::http {

struct url {
  destination to;
  std::string target;  // path and query, at least "/"
};

// http or https, a host, perhaps a port, a path and a query; neither user name nor fragment. The
// error says what is wrong and repeats nothing: such a URL may hold what is as good as a key.
boost::system::result<url, std::string> read_url(std::string_view text);

// Whether `target` is a path, perhaps with a query, for a request line: it begins
// with a slash, has no blanks or control characters, and at most 2,048 bytes.
bool is_request_target(std::string_view target);

// "http://169.254.170.2", with the port when it is not the usual one.
std::string shown(const destination& to);

}  // namespace connector::http
