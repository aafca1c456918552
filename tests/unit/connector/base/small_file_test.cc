#include "connector/base/small_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "connector/base/file_bytes.h"
#include "tests/unit/worker/temporary_folder.h"

namespace connector {
namespace {

using state = file_text::state;

TEST(SmallFile, IsReadWithoutItsLastNewline) {
  const tests::temporary_folder folder;
  folder.write("a", "line\n");
  folder.write("empty", "");
  const auto file = read_small_file(folder.at("a"), 100);
  EXPECT_EQ(file.result, state::read);
  EXPECT_EQ(file.text, "line");
  EXPECT_EQ(read_small_file(folder.at("empty"), 100).result, state::read);
}

TEST(SmallFile, IsReadWithoutAByteOrderMark) {
  const tests::temporary_folder folder;
  folder.write("a", "\xEF\xBB\xBF{}\r\n");
  folder.write("only", "\xEF\xBB\xBF");
  EXPECT_EQ(read_small_file(folder.at("a"), 100).text, "{}");
  EXPECT_EQ(read_small_file(folder.at("only"), 100).text, "");
}

TEST(SmallFile, BytesAreReadAsTheyAre) {
  const tests::temporary_folder folder;
  const std::string bytes("\xEF\xBB\xBF\0\r\n", 6);
  folder.write("a", bytes);
  EXPECT_EQ(read_file_bytes(folder.at("a"), 6).text, bytes);
  EXPECT_EQ(read_file_bytes(folder.at("a"), 5).result, state::too_large);
  EXPECT_EQ(read_file_bytes(folder.at("none"), 5).result, state::missing);
}

TEST(SmallFile, IsBounded) {
  const tests::temporary_folder folder;
  folder.write("a", "12345");
  EXPECT_EQ(read_small_file(folder.at("a"), 5).result, state::read);
  EXPECT_EQ(read_small_file(folder.at("a"), 4).result, state::too_large);
  EXPECT_EQ(read_small_file("/dev/zero", 4).result, state::missing);
}

TEST(SmallFile, SaysWhyItCannotBeUsed) {
  const tests::temporary_folder folder;
  const auto file = read_small_file(folder.at("none"), 5);
  EXPECT_EQ(file.result, state::missing);
  EXPECT_EQ(file.reason, "No such file or directory");
  EXPECT_EQ(read_small_file(folder.path(), 5).result, state::missing);
}

// It may be readable now, with the same content.
TEST(SmallFile, HasAnotherStampWhenItsPermissionsAreRepaired) {
  const tests::temporary_folder folder;
  folder.write("a", "1");
  std::filesystem::permissions(folder.at("a"), std::filesystem::perms::owner_write);
  const auto before = connector::stamp_of(folder.at("a"));
  std::filesystem::permissions(folder.at("a"), std::filesystem::perms::owner_read);
  EXPECT_NE(connector::stamp_of(folder.at("a")), before);
}

TEST(SmallFile, HasAnotherStampWhenItIsReplaced) {
  const tests::temporary_folder folder;
  folder.write("a", "1");
  const auto before = read_small_file(folder.at("a"), 5).stamp;
  EXPECT_EQ(connector::stamp_of(folder.at("a")), before);
  folder.write("b", "2");
  std::filesystem::rename(folder.at("b"), folder.at("a"));
  EXPECT_NE(connector::stamp_of(folder.at("a")), before);
  EXPECT_FALSE(connector::stamp_of(folder.at("none")));
}

}  // namespace
}  // namespace connector
