#include "worker/jobs/job_queue.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "worker/jobs/active_job.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {
namespace {

struct WaitingRoom : testing::Test {
  active_job_ptr job(engine::job_key key) {
    engine::job made;
    made.key = key;
    return std::make_shared<active_job>(loop.get_executor(), std::move(made), type);
  }
  static engine::job_key key_of(const active_job_ptr& one) { return one ? one->job.key : 0; }

  boost::asio::io_context loop;
  job_type type;
  job_queue room{2};
};

const auto any = [](std::size_t) { return true; };

TEST_F(WaitingRoom, LanesTakeTurnsAndEachIsFirstComeFirstServed) {
  for (const engine::job_key key : {1, 2, 3}) room.push(0, job(key));
  room.push(1, job(11));
  EXPECT_EQ(room.size(), 4U);
  EXPECT_EQ(key_of(room.next(any)), 1);
  EXPECT_EQ(key_of(room.next(any)), 11);
  EXPECT_EQ(key_of(room.next(any)), 2);
  EXPECT_EQ(key_of(room.next(any)), 3);
  EXPECT_EQ(room.next(any), nullptr);
  EXPECT_TRUE(room.empty());
}

TEST_F(WaitingRoom, LaneThatMayNotRunIsPassedOver) {
  room.push(0, job(1));
  room.push(1, job(11));
  const auto second_only = [](std::size_t type_index) { return type_index == 1; };
  EXPECT_EQ(key_of(room.next(second_only)), 11);
  EXPECT_EQ(room.next(second_only), nullptr);
  EXPECT_EQ(room.size(0), 1U);
}

TEST_F(WaitingRoom, AllAreTakenOut) {
  room.push(0, job(1));
  room.push(1, job(11));
  EXPECT_EQ(room.take_all().size(), 2U);
  EXPECT_TRUE(room.empty());
  EXPECT_EQ(room.next(any), nullptr);
}

}  // namespace
}  // namespace worker::jobs
