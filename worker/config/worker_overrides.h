// The Spring runtime's settings of single workers, `camunda.client.worker.override.TYPE.PROPERTY`,
// as variables: TYPE is a job type, in any spelling of Spring. The worker reads max-jobs-active,
// with-lease and enabled; the others are told. Pure.
#pragma once

#include <string_view>

#include "worker/config/load.h"

namespace worker::config {

// Whether the variable is one of these.
bool is_worker_override(std::string_view name);

// Puts them into the settings of the jobs, which the table has filled. Each one that changes
// nothing becomes a warning, and each wrong value an issue.
void apply_worker_overrides(const sources& from, loaded& into);

}  // namespace worker::config
