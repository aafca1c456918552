// From a mapping or list of yaml.h to YAML text that reads back as the same, in block style. Texts
// that were quoted stay quoted, so that `"1"` does not become a number for other readers. Only this
// file uses the emitter (libyaml). Pure.
#pragma once

#include <optional>
#include <string>

#include "worker/config/yaml.h"

namespace worker::config {

// Nothing: there is no memory for it, or a text is not UTF-8. The tree is as deep as
// yaml_limits::depth at most.
std::optional<std::string> write_yaml(const yaml_node& root);

}  // namespace worker::config
