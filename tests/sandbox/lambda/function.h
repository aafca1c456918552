// A function of the embedded Lambda: what it is given and what it answers.
// Functions run on a thread of the server and must not block; a slow one sets `answer::delay`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sandbox/lambda/wire.h"

namespace sandbox {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct invocation {
  std::string function;          // the bare name, whatever form the request used
  std::string qualifier;         // version or alias that was asked for; empty: none
  std::string executed_version;  // what it resolved to: "$LATEST" or a number
  std::string request_id;        // UUID, also in the header x-amzn-RequestId
  std::string invocation_type;   // "RequestResponse", "Event" or "DryRun"
  bool log_tail = false;
  std::string payload;         // the body, byte for byte
  std::string client_context;  // decoded JSON text; empty: none
  std::string job_key;         // clientContext.custom.job.jobKey as text; empty: none
  std::string tenant_id;
  std::string durable_name;
  std::string access_key_id;  // who signed; empty when verification is off
  std::string target;         // path and query as they were on the wire
  header_list headers;        // as sent, in order
  std::uint64_t attempt = 1;  // how often this function was asked for this job key, from 1; 1
                              // without a job key or when jobs are not counted

  // The first header of that name (any case), or empty.
  std::string_view header(std::string_view name) const;
};

struct answer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string function_error;          // X-Amz-Function-Error; empty: the function did not fail
  std::string error_type;              // x-amzn-ErrorType of a refused call; empty: none
  std::string log;                     // what the function printed; its tail is sent when asked for
  header_list headers;                 // more headers
  std::chrono::milliseconds delay{0};  // how long the function runs, on a timer
  wire_script wire;                    // not empty: played instead of all of the above but delay
  // Of a durable execution: it ends when its callback is answered.
  bool waits_for_callback = false;
};

using function = std::function<answer(const invocation&)>;

// A function's place in the service: versions and aliases beside $LATEST.
struct function_options {
  std::vector<std::string> versions = {"1", "2"};
  std::map<std::string, std::string> aliases = {{"PROD", "2"}, {"DEV", "$LATEST"}};
  std::map<std::string, std::string> environment = {
      {"MARKED", "environment-value-never-passed-on"}};
  std::map<std::string, std::string> tags;
  std::string runtime = "provided.al2023";
  std::string description;
  // Of executions that are started under a name. A function that is not durable ignores the name.
  bool durable = true;
  std::chrono::milliseconds execution_timeout{std::chrono::hours(24 * 366)};
  std::chrono::milliseconds execution_retention{std::chrono::hours(24 * 14)};
};

// 200 with this body.
answer json_answer(std::string body);
// The error body of the service itself: {"Type":...,"Message":...} with x-amzn-ErrorType.
answer service_error(int status, std::string type, std::string_view message);
// 200 with X-Amz-Function-Error and {"errorType":...,"errorMessage":...,"stackTrace":[]}.
answer function_failure(std::string_view type, std::string_view message,
                        const std::vector<std::string>& stack_trace = {});

}  // namespace sandbox
