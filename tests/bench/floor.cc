#include "tests/bench/floor.h"

#include <grpcpp/grpcpp.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <deque>
#include <iostream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "proto/gateway.grpc.pb.h"
#include "tests/bench/floor_calls.h"

namespace bench {

namespace {

namespace api = gateway_protocol;

constexpr std::string_view payload_name = "\"payload\":";

// The worker's own default, so that both hold an empty poll open.
constexpr std::int64_t poll_wait_ms = 10'000;
constexpr std::int64_t lease_ms = 60'000;

std::shared_ptr<grpc::Channel> channel_to(const std::string& gateway) {
  grpc::ChannelArguments how;
  how.SetMaxReceiveMessageSize(-1);  // as the worker
  return grpc::CreateCustomChannel(gateway, grpc::InsecureChannelCredentials(), how);
}

// Two threads: one is gRPC's, which polls and hears what was completed; the other is Lambda's,
// which calls and completes. They meet in two queues under one mutex.
class floor_worker {
 public:
  explicit floor_worker(const floor_settings& how)
      : slots_(static_cast<std::size_t>(how.in_flight)),
        stub_(api::Gateway::NewStub(channel_to(how.gateway))),
        news_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        calls_(how.lambda_port, how.ca_file,
               [this](std::int64_t key, std::string_view body) { complete(key, body); }) {
    calls_.watch(news_);
  }

  [[noreturn]] void run() {
    std::thread([this] {
      try {
        serve_queue();
      } catch (const std::exception& failed) {
        std::cerr << failed.what() << std::endl;
        ::_exit(1);
      }
    }).detach();
    for (;;) {
      calls_.wait();
      take_news();
      while (running_ < slots_ && !waiting_.empty()) {
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        calls_.post(next.key, next.payload);
      }
    }
  }

 private:
  struct waiting_job {
    std::int64_t key = 0;
    std::string payload;
  };

  // A tag of the completion queue.
  struct event {
    virtual ~event() = default;
    virtual void done(bool ok) = 0;
  };

  struct completion final : event {
    explicit completion(floor_worker& of) : self(of) {}
    void done(bool) override {
      const std::unique_ptr<completion> mine(this);
      if (!status.ok()) throw std::runtime_error("floor: complete: " + status.error_message());
      self.completed();
    }
    floor_worker& self;
    grpc::ClientContext context;
    api::CompleteJobResponse answer;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<api::CompleteJobResponse>> call;
  };

  struct poll final : event {
    explicit poll(floor_worker& of) : self(of) {}
    void done(bool ok) override {
      if (at == stage::finishing) {
        const std::unique_ptr<poll> mine(this);
        if (!status.ok()) throw std::runtime_error("floor: activate: " + status.error_message());
        self.poll_ended();
        return;
      }
      if (at == stage::reading && ok) self.arrived(answer);
      at = ok ? stage::reading : stage::finishing;
      if (ok) {
        call->Read(&answer, this);
      } else {
        call->Finish(&status, this);
      }
    }
    floor_worker& self;
    enum class stage { starting, reading, finishing };
    stage at = stage::starting;
    grpc::ClientContext context;
    api::ActivateJobsResponse answer;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncReader<api::ActivateJobsResponse>> call;
  };

  // gRPC's thread from here.
  void serve_queue() {
    ask();
    void* tag = nullptr;
    for (bool ok = false; queue_.Next(&tag, &ok);) static_cast<event*>(tag)->done(ok);
  }

  // At most as many jobs wait as run, and no poll is for less than half of that: batches.
  void ask() {
    const std::size_t most = 2 * slots_;
    if (polling_ || most - held_ < std::max<std::size_t>(1, slots_ / 2)) return;
    polling_ = true;
    api::ActivateJobsRequest request;
    request.set_type("lambdaConnector.INVOKE");
    request.set_worker("floor");
    request.set_timeout(lease_ms);
    request.set_requesttimeout(poll_wait_ms);
    request.set_maxjobstoactivate(static_cast<int>(most - held_));
    request.add_fetchvariable("lambda");
    auto made = std::make_unique<poll>(*this);
    made->call = stub_->PrepareAsyncActivateJobs(&made->context, request, &queue_);
    poll* const tag = made.release();  // the queue's until it has ended
    tag->call->StartCall(tag);
  }

  void poll_ended() {
    polling_ = false;
    ask();
  }

  void arrived(const api::ActivateJobsResponse& batch) {
    held_ += static_cast<std::size_t>(batch.jobs_size());
    {
      const std::lock_guard lock(guard_);
      for (const auto& job : batch.jobs()) {
        // {"lambda":{...,"payload":X}}: the stand-ins put it last.
        const std::string_view variables = job.variables();
        const auto at = variables.find(payload_name);
        if (at == std::string_view::npos) throw std::runtime_error("floor: a job of another kind");
        const auto payload = variables.substr(at + payload_name.size());
        arrived_.push_back({job.key(), std::string(payload.substr(0, payload.size() - 2))});
      }
      wake();
    }
  }

  void completed() {
    --held_;
    {
      const std::lock_guard lock(guard_);
      ++freed_;
      wake();
    }
    ask();
  }

  // Once for all the news that Lambda's thread has not taken yet.
  void wake() {
    if (std::exchange(woken_, true)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(news_, &one, sizeof one);
  }

  // Lambda's thread from here.
  void take_news() {
    std::uint64_t some = 0;
    if (::read(news_, &some, sizeof some) < 0) return;
    const std::lock_guard lock(guard_);
    woken_ = false;
    running_ -= std::exchange(freed_, 0);
    for (auto& job : arrived_) waiting_.push_back(std::move(job));
    arrived_.clear();
  }

  void complete(std::int64_t key, std::string_view body) {
    api::CompleteJobRequest request;
    request.set_jobkey(key);
    auto& variables = *request.mutable_variables();
    variables = R"({"statusCode":200,"payload":)";
    variables += body;
    variables += '}';
    auto made = std::make_unique<completion>(*this);
    made->call = stub_->PrepareAsyncCompleteJob(&made->context, request, &queue_);
    made->call->StartCall();
    completion* const tag = made.release();  // the queue's until it has ended
    tag->call->Finish(&tag->answer, &tag->status, tag);
  }

  const std::size_t slots_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<api::Gateway::Stub> stub_;
  const int news_;

  std::mutex guard_;
  std::vector<waiting_job> arrived_;
  std::size_t freed_ = 0;
  bool woken_ = false;

  bool polling_ = false;  // gRPC's thread
  std::size_t held_ = 0;  // activated and not completed

  floor_calls calls_;  // Lambda's thread
  std::deque<waiting_job> waiting_;
  std::size_t running_ = 0;
};

}  // namespace

int run_floor(const floor_settings& how) { floor_worker(how).run(); }

}  // namespace bench
