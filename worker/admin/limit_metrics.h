// Metrics of what keeps calls waiting: Lambda's throttling by function, and the operator's limits.
// Pure.
#pragma once

#include "worker/admin/metrics.h"
#include "worker/admin/metrics_writer.h"

namespace worker::admin {

void add_limit_metrics(metrics_writer& out, const figures& from);

}  // namespace worker::admin
