#include "connector/base/port.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

TEST(Port, IsOneTo65535InDecimal) {
  EXPECT_EQ(port_of("1"), 1);
  EXPECT_EQ(port_of("443"), 443);
  EXPECT_EQ(port_of("0443"), 443);
  EXPECT_EQ(port_of("65535"), 65535);
  for (const char* none :
       {"", "0", "65536", "99999", "4294967739", "-1", "+1", " 1", "1 ", "0x50", "80a", "https"}) {
    EXPECT_FALSE(port_of(none)) << none;
  }
}

}  // namespace
}  // namespace connector
