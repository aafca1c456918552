// Durable executions of the embedded Lambda: started under a name, once for each name and payload
// of a function, and kept until their retention is over. What one comes to is known when it starts
// (its function's answer and how long that takes), or decided later by a stop or a callback.
// All members may be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/sandbox/lambda/function.h"

namespace sandbox {

// As GetDurableExecution shows it.
struct durable_execution {
  std::string arn;
  std::string name;
  std::string function;
  std::string version;
  std::string payload;
  std::string callback_id;  // of a function that waits for a callback; else empty
  std::string status = "RUNNING";
  std::string result;         // JSON text, when SUCCEEDED
  std::string error_type;     // when FAILED, TIMED_OUT or STOPPED
  std::string error_message;  // likewise
  std::vector<std::string> stack_trace;
  std::chrono::system_clock::time_point started;
  std::optional<std::chrono::system_clock::time_point> ended;
  std::uint64_t invokes = 1;  // calls that started it or attached to it
  std::uint64_t asked = 0;    // GetDurableExecution calls
  std::uint64_t heartbeats = 0;
  bool kept = true;  // false: its retention is over
};

class durable_executions {
 public:
  struct place {
    std::string function_arn;  // without a qualifier
    std::string function;
    std::string version;
    std::chrono::milliseconds timeout;    // of the whole execution
    std::chrono::milliseconds retention;  // after its end
  };
  struct invoked {
    std::string arn;
    bool is_new = false;
    std::optional<answer> refusal;
    // What the call that started it gets instead of the result, when its function plays a script.
    wire_script wire;
  };

  // Starts an execution by `run`, or attaches to the one of that name. A refusal by `run`
  // (answer::error_type) starts nothing.
  invoked invoke(const place& where, const std::string& name, const std::string& payload,
                 const std::function<answer()>& run);

  // The execution as it is now; nothing: there is none, or its retention is over.
  std::optional<durable_execution> find(std::string_view arn);
  std::optional<durable_execution> find(std::string_view function, std::string_view name);
  // What a call that waits gets; nothing: it still runs.
  std::optional<answer> result(std::string_view arn);
  void count_asked(std::string_view arn);
  // False: there is none. One that has ended stays as it is.
  bool stop(std::string_view arn, std::string error_type, std::string error_message);
  enum class callback { taken, unknown, too_late };
  callback succeed(std::string_view callback_id, std::string result);
  callback fail(std::string_view callback_id, std::string error_type, std::string error_message);
  callback heartbeat(std::string_view callback_id);

  // All that ever were, in the order of their start.
  std::vector<durable_execution> all();

 private:
  struct entry;
  using index = std::unordered_map<std::string, std::shared_ptr<entry>>;

  static void look(entry& one);
  static entry* find_in(const index& where, const std::string& key);
  entry* kept(std::string_view arn);
  callback end(std::string_view callback_id, const std::function<void(durable_execution&)>& how);

  std::mutex guard_;
  std::vector<std::shared_ptr<entry>> entries_;
  index by_name_;  // "function\nname"
  index by_arn_;
  index by_callback_;
};

}  // namespace sandbox
