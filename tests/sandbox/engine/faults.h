// Faults that the embedded engine plays on demand. Plain values and the book of what is in force;
// the book is guarded by the engine's mutex and knows no call.
#pragma once

#include <grpcpp/support/status.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sandbox::engine {

enum class rpc : std::uint8_t {
  activate_jobs,
  stream_activated_jobs,
  complete_job,
  fail_job,
  throw_error,
  update_job_timeout,
  update_job_retries,
  set_variables,
  resolve_incident,
  topology,
  deploy_resource,
  create_process_instance,
  cancel_process_instance,
  create_process_instance_with_result,
  publish_message,
  update_job_priority,
};
inline constexpr std::size_t rpc_count = 16;

// What happens to calls of one rpc.
struct fault {
  enum class kind : std::uint8_t {
    refuse,  // answered with code and message
    hang,    // not answered before the fault is lifted; then carried out as usual
  };
  kind effect = kind::refuse;
  grpc::StatusCode code = grpc::StatusCode::UNAVAILABLE;
  std::string message = "refused by the sandbox";
  std::uint32_t times = 0;   // how many calls; 0: every call until lifted
  bool applied = false;      // the command is carried out first, only its answer is lost
  std::int64_t job_key = 0;  // only commands on this job; 0: all
};

class fault_book {
 public:
  void add(rpc which, fault f);
  void lift(rpc which);
  void lift_all();
  // The fault that the next call of this rpc meets, counted as used up. Oldest first.
  std::optional<fault> take(rpc which, std::int64_t job_key);

 private:
  std::array<std::vector<fault>, rpc_count> faults_;
};

}  // namespace sandbox::engine
