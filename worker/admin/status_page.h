// The status page as HTML: the figures are in it without a script; the script asks for them again.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "worker/admin/status.h"

namespace worker::admin {

struct html_page {
  std::string html;
  std::string content_security_policy;  // nothing but this page's own style and script
};

// `nonce`: a text that no one can guess, of letters and digits, new for each page.
html_page status_page(const status_facts& from, std::string_view nonce);

}  // namespace worker::admin
