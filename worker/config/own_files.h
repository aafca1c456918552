// The files that settings name. The worker reads them itself, so none of them is a secret of tasks,
// wherever it lies: Docker puts all secrets of a container into one folder. Once at start.
#pragma once

#include <map>
#include <string>

#include "worker/config/load.h"
#include "worker/config/setting_texts.h"
#include "worker/config/settings.h"

namespace worker::config {

// Each path with what names it, for people: "CAMUNDA_CLIENT_SECRET_FILE", "worker.yaml:12".
std::map<std::string, std::string> own_files(const sources& from, const setting_texts& texts,
                                             const settings& values);

}  // namespace worker::config
