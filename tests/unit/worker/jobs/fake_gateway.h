// The engine as a test writes it: each call of the worker is noted as one line, and ends with the
// status that the test has set for it, at once or when the test says so. Nothing is sent. Must
// outlive every call. Test's thread, which is the loop's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "worker/engine/gateway.h"

namespace worker::jobs {

// Names of calls that stay open.
inline const std::string poll_call = "ActivateJobs";
inline const std::string stream_call = "StreamActivatedJobs";

class fake_gateway final : public engine::gateway {
 public:
  explicit fake_gateway(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

  // How the calls of that name end, in turn ("CompleteJob"); the last status counts for all that
  // follow. Calls without a status end with OK; streams and polls stay open.
  void answer(const std::string& call, std::vector<engine::status> in_turn);
  // Whether calls of that name that begin from now on stay open until end_open().
  void leave_open(const std::string& call, bool open = true) { stays_open_[call] = open; }
  // Calls of that name stay open even when the worker cancels them.
  void ignore_cancellation(const std::string& call) { ignores_cancellation_[call] = true; }
  // Ends the oldest open call of that name; false when none is open.
  bool end_open(const std::string& call, engine::status how);
  // Ends all open calls, of whatever name.
  void end_all(const engine::status& how);
  // Hands a job to the oldest open poll or stream; false when none is open, or when the stream is
  // paused.
  bool give(const std::string& call, engine::job job);
  [[nodiscard]] std::size_t open(const std::string& call) const;
  // What Topology tells; empty: as an engine before 8.9.
  std::string cluster_id;
  // Called when a call has begun, before it ends.
  std::function<void(const std::string& line)> on_call;

  // "CompleteJob 7 {\"a\":1}", "FailJob 7 retries=2 backOff=0 CODE: text", ... A job with a lease
  // token is "7/token".
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }
  // Those of one name.
  [[nodiscard]] std::vector<std::string> calls(const std::string& name) const;
  [[nodiscard]] std::size_t count(const std::string& name) const { return calls(name).size(); }
  // How long the last command of that name may take.
  [[nodiscard]] std::chrono::milliseconds limit_of(const std::string& command) const {
    return limits_.at(command);
  }
  // The last request to activate or stream.
  [[nodiscard]] const engine::activation& request() const { return request_; }

  boost::asio::awaitable<engine::status> activate(engine::activation request, int max_jobs,
                                                  std::chrono::milliseconds wait,
                                                  engine::on_job take) override;
  boost::asio::awaitable<engine::status> stream(engine::activation request, engine::on_job take,
                                                engine::read_switch& reading) override;
  boost::asio::awaitable<engine::status> complete(engine::job_ref job,
                                                  engine::shared_text variables,
                                                  std::chrono::milliseconds limit) override;
  boost::asio::awaitable<engine::status> fail(engine::job_ref job, int retries, std::string message,
                                              std::chrono::milliseconds back_off,
                                              engine::shared_text variables,
                                              std::chrono::milliseconds limit) override;
  boost::asio::awaitable<engine::status> throw_error(engine::job_ref job, std::string error_code,
                                                     std::string message,
                                                     engine::shared_text variables,
                                                     std::chrono::milliseconds limit) override;
  boost::asio::awaitable<engine::status> update_timeout(engine::job_ref job,
                                                        std::chrono::milliseconds timeout,
                                                        std::chrono::milliseconds limit) override;
  boost::asio::awaitable<engine::status> set_variables(std::int64_t element_instance_key,
                                                       std::string variables,
                                                       std::chrono::milliseconds limit) override;
  boost::asio::awaitable<engine::status> ask_topology(engine::topology& into,
                                                      std::chrono::milliseconds limit) override;

 private:
  struct open_call {
    std::string name;
    engine::on_job take;
    engine::read_switch* reading;  // null for a call that is always read
    boost::asio::steady_timer wake;
    bool ended = false;  // by the test
    engine::status status{engine::status_code::cancelled, "cancelled by the worker"};

    void end(engine::status how) {
      status = std::move(how);
      ended = true;
      wake.cancel();
    }
  };
  boost::asio::awaitable<engine::status> made(std::string name, std::string line,
                                              engine::on_job take = nullptr,
                                              engine::read_switch* reading = nullptr);
  engine::status next_status(const std::string& name);
  open_call* oldest(const std::string& name);

  boost::asio::any_io_executor loop_;
  std::vector<std::string> calls_;
  std::map<std::string, std::deque<engine::status>> answers_;
  std::map<std::string, bool> stays_open_{{"ActivateJobs", true}, {"StreamActivatedJobs", true}};
  std::map<std::string, bool> ignores_cancellation_;
  std::map<std::string, std::chrono::milliseconds> limits_;
  std::list<open_call> open_;
  engine::activation request_;
};

}  // namespace worker::jobs
