// The engine without its wire: the job table, who waits for jobs, the faults in force and the
// clock, all behind one mutex. Threads of gRPC, of tests and its own timer meet here. Must outlive
// every call of the service in front of it.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/engine/faults.h"
#include "tests/sandbox/engine/job_table.h"
#include "tests/sandbox/engine/waiters.h"

namespace sandbox::engine {

class core {
 public:
  explicit core(const options& o);
  ~core();

  // One change: holds the mutex while it lives. At its end jobs that became activatable go to
  // streams and polls, the mutex is released, and only then what was put off with after() runs.
  class turn {
   public:
    explicit turn(core& c);
    ~turn();
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    job_table& table() { return core_.table_; }
    core& owner() { return core_; }
    milliseconds now() const { return now_; }
    void after(std::function<void()> action) { after_.push_back(std::move(action)); }

   private:
    friend class core;
    core& core_;
    std::unique_lock<std::mutex> lock_;
    const milliseconds now_;
    std::vector<std::function<void()>> after_;
    std::vector<std::shared_ptr<open_stream>> kicks_;
  };

  // What the login and the faults in force do to a call that has just arrived.
  struct interference {
    enum class kind : std::uint8_t { proceed, refuse, hang } action = kind::proceed;
    grpc::Status status;
    bool applied = false;
    bool for_quorum = false;
  };
  interference interfere(turn& t, rpc which, std::int64_t job_key,
                         const grpc::CallbackServerContext& call);

  // Called within a turn.
  void start_poll(turn& t, std::shared_ptr<waiting_poll> poll);
  void open(turn& t, std::shared_ptr<open_stream> stream);
  void hold(turn& t, std::shared_ptr<held_call> call, const interference& why);
  void lift(turn& t, std::optional<rpc> which);
  void set_back_pressure(turn& t, bool on);
  void set_quorum(turn& t, bool there);
  void close_streams(turn& t, const grpc::Status& end);
  void end_polls(turn& t, const grpc::Status& end);
  bool push_late(turn& t, std::int64_t job_key);
  void run_due(turn& t);

  // Takes a call that was cancelled off its list. False: it is being answered already.
  bool drop(const waiting_poll& poll);
  bool drop_held(const void* owner);
  void drop(const open_stream& stream);

  milliseconds now() const;
  void move_clock(milliseconds by) {
    offset_ += by.count();
    timer_wakes_.notify_one();  // what it waits for may be nearer now
  }
  bool wait_until(const std::function<bool()>& predicate, milliseconds timeout);
  bool wait_all_ended(milliseconds timeout);

  // For looking only: a turn would wake those who wait for changes.
  std::mutex& mutex() { return mutex_; }
  const job_table& table() const { return table_; }
  fault_book& faults() { return faults_; }
  std::uint64_t calls(rpc which) const { return calls_[static_cast<std::size_t>(which)]; }
  std::size_t streams() const;
  std::size_t polls() const { return polls_.size(); }
  std::size_t held() const { return held_.size(); }
  bool quorum() const { return quorum_; }
  std::unordered_map<std::string, std::shared_ptr<const prepared_spec>>& processes() {
    return processes_;
  }
  const options& settings() const { return options_; }

 private:
  struct stream_group {
    std::vector<std::shared_ptr<open_stream>> streams;
    std::size_t next = 0;
  };

  std::function<void(job_event)> teller();
  void dispatch(turn& t);
  bool push(turn& t, job_record& job);
  void serve_polls(turn& t);
  void run_timer();
  milliseconds next_due() const;

  const options options_;
  const std::chrono::steady_clock::time_point steady_start_ = std::chrono::steady_clock::now();
  const milliseconds epoch_start_;
  std::atomic<std::int64_t> offset_{0};

  std::mutex mutex_;
  job_table table_;
  fault_book faults_;
  bool back_pressure_ = false;
  bool quorum_ = true;
  std::array<std::uint64_t, rpc_count> calls_{};
  std::list<std::shared_ptr<waiting_poll>> polls_;
  std::list<std::shared_ptr<held_call>> held_;
  std::unordered_map<std::string, stream_group> streams_;
  std::unordered_map<std::string, std::shared_ptr<const prepared_spec>> processes_;

  std::condition_variable changed_;
  std::condition_variable all_ended_;
  std::uint64_t version_ = 0;
  int watchers_ = 0;

  std::condition_variable timer_wakes_;
  bool stopping_ = false;
  std::thread timer_;  // last: it uses all of the above
};

}  // namespace sandbox::engine
