#include "worker/secrets/file_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "tests/unit/worker/temporary_folder.h"
#include "worker/secrets/environment_source.h"

namespace worker::secrets {
namespace {

using state = lookup_result::state;
using tests::temporary_folder;

TEST(FileSource, ReadsOneFilePerNameWithoutItsLastNewline) {
  const temporary_folder folder;
  folder.write("plain", "value");
  folder.write("line", "value\n");
  folder.write("windows", "value\r\n");
  folder.write("two", "value\n\n");
  folder.write("db/password", "deep");
  file_source source(folder.path());
  EXPECT_EQ(source.look_up("plain").value.reveal(), "value");
  EXPECT_EQ(source.look_up("line").value.reveal(), "value");
  EXPECT_EQ(source.look_up("windows").value.reveal(), "value");
  EXPECT_EQ(source.look_up("two").value.reveal(), "value\n");
  EXPECT_EQ(source.look_up("db/password").value.reveal(), "deep");
  EXPECT_EQ(source.look_up("other").result, state::missing);
}

TEST(FileSource, SeesAChangedFileAtOnce) {
  const temporary_folder folder;
  folder.write("token", "first");
  file_source source(folder.path());
  EXPECT_EQ(source.look_up("token").value.reveal(), "first");
  folder.write("token", "other");
  EXPECT_EQ(source.look_up("token").value.reveal(), "other");
  std::filesystem::remove(folder.at("token"));
  EXPECT_EQ(source.look_up("token").result, state::missing);
}

TEST(FileSource, SeesASwappedKubernetesVolume) {
  const temporary_folder folder;
  folder.write("..2024_1/token", "first");
  folder.write("..2024_2/token", "second");
  std::filesystem::create_directory_symlink("..2024_1", folder.at("..data"));
  std::filesystem::create_symlink("..data/token", folder.at("token"));
  file_source source(folder.path());
  EXPECT_EQ(source.look_up("token").value.reveal(), "first");
  std::filesystem::create_directory_symlink("..2024_2", folder.at("..data_tmp"));
  std::filesystem::rename(folder.at("..data_tmp"), folder.at("..data"));
  EXPECT_EQ(source.look_up("token").value.reveal(), "second");
}

// Docker puts all secrets of a container into one folder.
TEST(FileSource, SaysOfAFileThatASettingNamesThatItIsTheWorkersOwn) {
  const temporary_folder folder;
  folder.write("..data/client-secret", "of the worker");
  folder.write("..data/token", "of tasks");
  for (const std::string name : {"client-secret", "token"}) {
    std::filesystem::create_symlink("..data/" + name, folder.at(name));
  }
  std::filesystem::create_symlink("client-secret", folder.at("other-name"));
  std::filesystem::create_hard_link(folder.at("..data/client-secret"), folder.at("hard"));
  const std::string setting = "CAMUNDA_CLIENT_SECRET_FILE";
  file_source source(folder.path(), {{folder.at("client-secret"), setting},
                                     {folder.at("not-there-yet"), "AWS_ROLE_ARN_FILE"}});
  for (const auto* name : {"client-secret", "other-name", "hard"}) {
    EXPECT_EQ(source.look_up(name).named_by, setting) << name;
  }
  EXPECT_EQ(source.look_up("token").named_by, "");
  EXPECT_EQ(source.look_up("token").value.reveal(), "of tasks");
  folder.write("not-there-yet", "x");
  EXPECT_EQ(source.look_up("not-there-yet").named_by, "AWS_ROLE_ARN_FILE");
}

TEST(FileSource, NeverLeavesItsFolder) {
  const temporary_folder folder;
  folder.write("outside", "seen");
  folder.write("inner/token", "fine");
  folder.write("inner/.hidden", "seen");
  file_source source(folder.at("inner"));
  ASSERT_EQ(source.look_up("token").result, state::found);
  for (const auto* name : {"../outside", "a/../../outside", "token/../../outside", ".hidden",
                           "/etc/hostname", "a/./token", "token/", "a//token", "", "."}) {
    EXPECT_EQ(source.look_up(name).result, state::missing) << name;
  }
}

TEST(FileSource, FollowsLinksToFilesBelowItsFolderOnly) {
  const temporary_folder folder;
  folder.write("outside", "seen");
  folder.write("secrets/real/token", "fine");
  folder.write("secrets-of-others/token", "seen");
  const auto link = [&](const std::string& to, const std::string& name) {
    std::filesystem::create_symlink(to, folder.at("secrets/" + name));
  };
  link("real/token", "relative");
  link(folder.at("secrets/real/token"), "absolute");
  link("../secrets/real/../real/token", "around");
  link("real", "folder");
  link("../outside", "out");
  link(folder.at("outside"), "absolute-out");
  link("/proc/self/environ", "environ");
  link("/proc/self/fd/0", "descriptor");
  link("..", "up");
  link("/", "root");
  link("../secrets-of-others", "neighbour");
  link("out", "twice");
  link("nowhere", "nowhere-at-all");
  std::filesystem::create_symlink(folder.at("secrets"), folder.at("mounted"));
  for (const auto* path : {"secrets", "mounted"}) {
    file_source source(folder.at(path));
    for (const auto* name : {"relative", "absolute", "around", "folder/token"}) {
      EXPECT_EQ(source.look_up(name).value.reveal(), "fine") << name;
    }
    for (const auto* name : {"out", "absolute-out", "environ", "descriptor", "up/outside",
                             "root/etc/hostname", "neighbour/token", "twice"}) {
      const auto found = source.look_up(name);
      EXPECT_NE(found.result, state::found) << name;
      EXPECT_TRUE(found.value.empty()) << name;
    }
    EXPECT_EQ(source.look_up("environ").result, state::unusable);
    EXPECT_NE(source.look_up("out").reason.find("leads out of the folder"), std::string::npos);
    EXPECT_EQ(source.look_up("nowhere-at-all").result, state::missing);
  }
}

// A program that may write in the folder swaps links while names are looked up.
TEST(FileSource, LinkThatIsSwappedMeanwhileLeadsNowhereElse) {
  const temporary_folder folder;
  folder.write("outside/token", "seen");
  folder.write("secrets/real/token", "fine");
  const auto swap = [&](const std::string& to) {
    std::filesystem::create_directory_symlink(to, folder.at("secrets/next"));
    std::filesystem::rename(folder.at("secrets/next"), folder.at("secrets/link"));
  };
  swap("real");
  file_source source(folder.at("secrets"));
  std::atomic<bool> done = false;
  std::thread other([&] {
    for (int i = 0; i < 2000; ++i) swap(i % 2 == 0 ? "../outside" : "real");
    done = true;
  });
  while (!done) {
    const auto found = source.look_up("link/token");
    if (found.result == state::found) {
      EXPECT_EQ(found.value.reveal(), "fine");
    }
  }
  other.join();
  EXPECT_EQ(source.look_up("link/token").value.reveal(), "fine");
}

TEST(FileSource, SaysWhyItsFolderCannotBeUsed) {
  const temporary_folder folder;
  folder.write("file", "x");
  folder.write("good/token", "x");
  file_source good(folder.at("good"));
  EXPECT_EQ(good.issue(), "");
  file_source missing(folder.at("none"));
  EXPECT_EQ(missing.issue(),
            "the folder " + folder.at("none") + " cannot be read: No such file or directory");
  const auto found = missing.look_up("token");
  EXPECT_EQ(found.result, state::stale);
  EXPECT_EQ(found.reason, missing.issue());
  file_source file(folder.at("file"));
  EXPECT_EQ(file.issue(), folder.at("file") + " is no folder");
  EXPECT_EQ(file.look_up("token").result, state::stale);
}

TEST(FileSource, BoundsTheSize) {
  const temporary_folder folder;
  folder.write("most", std::string(file_source::max_bytes, 'x'));
  folder.write("more", std::string(file_source::max_bytes + 1, 'x'));
  file_source source(folder.path());
  EXPECT_EQ(source.look_up("most").value.reveal().size(), file_source::max_bytes);
  const auto more = source.look_up("more");
  EXPECT_EQ(more.result, state::unusable);
  EXPECT_NE(more.reason.find("65536"), std::string::npos) << more.reason;
}

TEST(FileSource, DoesNotWaitForPipesOrReadFolders) {
  const temporary_folder folder;
  ASSERT_EQ(::mkfifo(folder.at("pipe").c_str(), 0600), 0);
  std::filesystem::create_directory(folder.at("folder"));
  file_source source(folder.path());
  EXPECT_EQ(source.look_up("pipe").result, state::missing);
  EXPECT_EQ(source.look_up("folder").result, state::missing);
}

TEST(FileSource, IsAwayWhenAFileCannotBeRead) {
  const temporary_folder folder;
  // A loop of links cannot be read by anybody, root included.
  std::filesystem::create_symlink("loop", folder.at("loop"));
  file_source source(folder.path());
  EXPECT_EQ(source.look_up("loop").result, state::unavailable);
}

TEST(EnvironmentSource, KnowsItsNamesOnly) {
  environment_source::values values;
  values.emplace("TOKEN", connector::secret_string("value"));
  environment_source source("SECRET_", std::move(values));
  EXPECT_EQ(source.look_up("TOKEN").value.reveal(), "value");
  EXPECT_EQ(source.look_up("token").result, state::missing);
  EXPECT_EQ(source.describe(), "environment variables SECRET_*");
}

}  // namespace
}  // namespace worker::secrets
