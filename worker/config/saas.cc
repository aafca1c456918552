#include "worker/config/saas.h"

#include <fmt/format.h>

#include "connector/base/regions.h"

namespace worker::config {

std::string saas_address(std::string_view cluster_id, std::string_view region) {
  return fmt::format("https://{}.{}.zeebe.camunda.io:443", cluster_id, region);
}

std::optional<std::string> saas_label_requirement(std::string_view text, std::string_view example) {
  // Both have the form of AWS regions.
  if (connector::is_region(text)) return std::nullopt;
  return fmt::format("small letters, digits and -, such as {}", example);
}

}  // namespace worker::config
