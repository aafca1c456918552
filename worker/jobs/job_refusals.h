// Why this worker refuses to call a function for a job: the errors of checks that come before the
// call. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/base/error.h"
#include "worker/engine/types.h"
#include "worker/feel/expression_cache.h"
#include "worker/jobs/task_headers.h"

namespace worker::jobs {

// atMostOnce: an earlier activation wrote the marker, so its call may have started.
connector::error call_may_have_started(const engine::job& job);

// The job is neither a BPMN element's nor a listener's: the engine expects another end of it than
// the result of an operation.
connector::error kind_refused(const engine::job& job);

// `field` holds a key that is not a reference to a secret. `why`: a sentence about the engine,
// which might have put it there; empty: keys in clear are refused of every origin.
connector::error plaintext_key_error(const std::string& field, std::string_view why = {});

// Whether an engine may have put the key there is not known now.
connector::error engine_not_known(const std::string& field);

// Headers of the task that are not FEEL expressions; all of them, with their places. Nothing: all
// can be read. The unreadable ones are taken out of the headers.
std::optional<connector::error> unreadable_expressions(feel::expression_cache& parsed,
                                                       task_headers& headers);

// atMostOnce: the engine refused the variable that is the marker.
connector::error marker_refused(const engine::status& status);

}  // namespace worker::jobs
