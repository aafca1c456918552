#include "worker/config/arn.h"

#include "connector/glob.h"

namespace worker::config {

bool is_arn_of(std::string_view text, std::string_view service, std::string_view kind) {
  const auto parts = connector::split_at(text, ':');
  return text.size() <= 2048 && parts.size() == 6 && parts[0] == "arn" && !parts[1].empty() &&
         parts[2] == service && parts[5].starts_with(kind) && parts[5].size() > kind.size() &&
         text.find_first_of(" *") == std::string_view::npos;
}

}  // namespace worker::config
