// When the keys of an identity end: by their own date, by the word of a service, or with the
// worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "connector/aws/credentials/sts/role_sources.h"
#include "tests/unit/connector/aws/credentials/identities_fixture.h"

namespace connector::aws {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A process that names a session for each instance leaves many that nobody asks for again.
TEST_F(Identities, AreDroppedWhenTheirKeysAreOver) {
  for (int i = 0; i < 5; ++i) get(as_role(worker_role + std::to_string(i)));
  EXPECT_EQ(tested_->size(), 5U);
  wall_ahead_ = 2h;
  ahead_ = 2h;
  server_.set_life(4h);
  EXPECT_EQ(get(as_role()), "ASIASTS6");
  EXPECT_EQ(tested_->size(), 1U);
}

}  // namespace
}  // namespace connector::aws
