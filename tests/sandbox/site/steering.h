// Steers a site by lines: one JSON object each way, one answer for each line. README.md of
// tests/sandbox lists them. One thread.
#pragma once

#include <string>
#include <string_view>

#include "tests/sandbox/site/site.h"

namespace sandbox::site {

// The answer to one line; {"wrong": REASON} when it makes no sense.
std::string answer_to(site& all, std::string_view line);

// Until standard input ends.
void steer(site& all);

}  // namespace sandbox::site
