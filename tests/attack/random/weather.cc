#include "tests/attack/random/weather.h"

#include <fmt/format.h>

namespace attack {
namespace {

using grpc::StatusCode;
using sandbox::engine::fault;
using sandbox::engine::rpc;

constexpr std::uint64_t of_weather = 20;

std::string some_message(dice& from) {
  switch (from.below(6)) {
    case 0:
      return "";
    case 1:
      return std::string(9'000, 'm');
    case 2:
      return std::string(70'000, 'M');
    case 3:
      return some_bytes(from, from.below(200));
    case 4:
      return "Command 'COMPLETE' rejected with code 'INVALID_STATE': " + some_text(from, 30);
    default:
      return some_text(from, 40);
  }
}

}  // namespace

std::string weather::refuse(dice& from) {
  static const std::vector<rpc> calls = {
      rpc::activate_jobs, rpc::stream_activated_jobs, rpc::complete_job,  rpc::complete_job,
      rpc::fail_job,      rpc::throw_error,           rpc::set_variables, rpc::update_job_timeout,
      rpc::topology};
  static const std::vector<StatusCode> codes = {
      StatusCode::UNAVAILABLE,     StatusCode::RESOURCE_EXHAUSTED,  StatusCode::ABORTED,
      StatusCode::INTERNAL,        StatusCode::DEADLINE_EXCEEDED,   StatusCode::UNKNOWN,
      StatusCode::CANCELLED,       StatusCode::FAILED_PRECONDITION, StatusCode::NOT_FOUND,
      StatusCode::UNAUTHENTICATED, StatusCode::PERMISSION_DENIED,   StatusCode::UNIMPLEMENTED,
      StatusCode::DATA_LOSS,       StatusCode::OUT_OF_RANGE,        StatusCode::INVALID_ARGUMENT};
  fault one;
  const auto which = from.one_of(calls);
  one.code = from.one_of(codes);
  one.message = some_message(from);
  one.times = static_cast<std::uint32_t>(1 + from.below(10));
  one.applied = from.chance(30);
  env_.engine().inject(which, one);
  return fmt::format("{} calls of kind {} refused with {}{}", one.times, static_cast<int>(which),
                     static_cast<int>(one.code), one.applied ? ", carried out" : "");
}

std::string weather::begin(std::uint64_t number) {
  calm();
  dice from(seed_, of_weather, number);
  auto& engine = env_.engine();
  auto& lambda = env_.lambda();
  switch (from.below(16)) {
    case 0:
      engine.back_pressure(true);
      return "back-pressure";
    case 1:
      engine.no_quorum(true);
      return "no quorum";
    case 2:
      engine.close_streams(static_cast<StatusCode>(from.below(17)), some_message(from));
      return "streams closed";
    case 3:
      engine.stop(from.chance(50) ? sandbox::engine::stop_as::killed
                                  : sandbox::engine::stop_as::terminated);
      stopped_ = true;
      return "gateway away";
    case 4: {
      // A text that is no UTF-8 makes the whole message unreadable, and every job in it.
      sandbox::engine::job_spec spec;
      spec.element_id = "\xff\xfe" + some_text(from, 5);
      for (auto count = 1 + from.below(3); count > 0; --count)
        unreadable_.push_back(engine.create(spec));
      return "jobs that cannot be read";
    }
    case 5: {
      static const std::vector<rpc> calls = {rpc::activate_jobs, rpc::complete_job, rpc::fail_job,
                                             rpc::update_job_timeout, rpc::set_variables};
      engine.hang(from.one_of(calls));
      return "calls unanswered";
    }
    case 6:
      lambda.close_connections();
      return "connections closed";
    case 7:
      lambda.reset_connections();
      return "connections reset";
    case 8:
      engine.advance(std::chrono::milliseconds(from.between(1, 3000)));
      return "the engine's clock jumps";
    case 9:
      lambda.hang_handshakes(true);
      return "handshakes hang";
    case 10:
      lambda.set_clock_offset(std::chrono::hours(from.between(-3, 3)));
      return "another clock";
    case 11:
      lambda.throttle_all(true);
      return "all throttled";
    default:
      return refuse(from);
  }
}

// The port is one of those that connections go out from: for a moment one of them may have it.
void weather::start_again() {
  for (int tries = 0; stopped_; ++tries) {
    try {
      env_.engine().start();
      stopped_ = false;
    } catch (const std::runtime_error&) {
      if (tries == 100) throw;
      static_cast<void>(
          env_.engine().wait_until([] { return false; }, std::chrono::milliseconds(50)));
    }
  }
}

void weather::calm() {
  auto& engine = env_.engine();
  if (stopped_) start_again();
  engine.lift_all();
  for (const auto key : unreadable_) engine.cancel(key);
  unreadable_.clear();
  auto& lambda = env_.lambda();
  lambda.hang_handshakes(false);
  lambda.set_clock_offset(std::chrono::seconds(0));
  lambda.throttle_all(false);
}

}  // namespace attack
