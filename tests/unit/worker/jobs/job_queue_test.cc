#include "worker/jobs/job_queue.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "worker/jobs/active_job.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {
namespace {

struct JobQueue : testing::Test {
  active_job_ptr job(engine::job_key key) {
    engine::job made;
    made.key = key;
    return std::make_shared<active_job>(loop.get_executor(), std::move(made), type, lease{});
  }
  static engine::job_key key_of(const active_job_ptr& one) { return one ? one->key() : 0; }

  boost::asio::io_context loop;
  job_type type;
  job_queue queue{2};
};

const auto any = [](std::size_t) { return true; };

TEST_F(JobQueue, TypesTakeTurnsAndEachIsFirstComeFirstServed) {
  for (const engine::job_key key : {1, 2, 3}) queue.push(0, job(key));
  queue.push(1, job(11));
  EXPECT_EQ(queue.size(), 4U);
  EXPECT_EQ(key_of(queue.next(any)), 1);
  EXPECT_EQ(key_of(queue.next(any)), 11);
  EXPECT_EQ(key_of(queue.next(any)), 2);
  EXPECT_EQ(key_of(queue.next(any)), 3);
  EXPECT_EQ(queue.next(any), nullptr);
  EXPECT_TRUE(queue.empty());
}

TEST_F(JobQueue, TypeThatMayNotRunIsPassedOver) {
  queue.push(0, job(1));
  queue.push(1, job(11));
  const auto second_only = [](std::size_t type_index) { return type_index == 1; };
  EXPECT_EQ(key_of(queue.next(second_only)), 11);
  EXPECT_EQ(queue.next(second_only), nullptr);
  EXPECT_EQ(queue.size(0), 1U);
}

TEST_F(JobQueue, AllAreTakenOut) {
  queue.push(0, job(1));
  queue.push(1, job(11));
  EXPECT_EQ(queue.take_all().size(), 2U);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next(any), nullptr);
}

}  // namespace
}  // namespace worker::jobs
