// The worker's figures under the names that charts of Zeebe's job workers and of the connector
// runtime already use, with their labels and units. Pure.
#pragma once

#include "worker/admin/metrics.h"
#include "worker/admin/metrics_writer.h"

namespace worker::admin {

// Adds families whose names begin with camunda_.
void add_familiar_metrics(metrics_writer& out, const figures& from);

}  // namespace worker::admin
