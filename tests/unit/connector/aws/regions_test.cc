#include "connector/base/regions.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "connector/aws/endpoint.h"

namespace connector::aws {
namespace {

TEST(KnownRegions, AreThoseOfEveryPartition) {
  std::map<std::string, int> counted;
  std::set<std::string_view> seen;
  for (const auto region : known_regions()) {
    EXPECT_TRUE(is_region(region)) << region;
    EXPECT_TRUE(seen.insert(region).second) << "twice: " << region;
    ++counted[std::string(partition_of(region))];
  }
  EXPECT_EQ(counted, (std::map<std::string, int>{{"aws", 36},
                                                 {"aws-cn", 2},
                                                 {"aws-eusc", 1},
                                                 {"aws-iso", 2},
                                                 {"aws-iso-b", 2},
                                                 {"aws-iso-e", 1},
                                                 {"aws-iso-f", 2},
                                                 {"aws-us-gov", 2}}));
}

}  // namespace
}  // namespace connector::aws
