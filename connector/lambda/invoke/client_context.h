// The part of the job that the function sees: the block `job`, in the client context of synchronous
// calls and, when asked for, in the payload of Event calls. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"

namespace connector::lambda {

// How many of the block's members can be left out to make it smaller; jobKey always stays.
inline constexpr std::size_t max_dropped = 11;

// JSON text of the block: jobKey, processInstanceKey, elementInstanceKey, retries, tenantId,
// traceparent, elementId, bpmnProcessId, businessId, priority, physicalTenantId, tags, each when it
// is known. Keys are strings, because they do not fit the doubles of some runtimes. `dropped`
// members are left out, from the end of that list.
std::string job_block(const job_context& job, std::string_view traceparent,
                      std::size_t dropped = 0);

struct client_context {
  std::string header;  // the value of X-Amz-Client-Context; empty when there is nothing to send
  std::vector<std::string_view> left_out;  // members of the block that did not fit
};

// base64 of `user` (an object's JSON text, or empty) with the block as custom.job, at most 3,583
// bytes. The user's part is never altered: the block loses members until it fits, and what does not
// fit beside jobKey alone is INVALID_INPUT. Without a job key there is no block.
result<client_context> make_client_context(const std::string& user, const job_context& job,
                                           std::string_view traceparent);

}  // namespace connector::lambda
