// credential_process: what a program prints, and every way in which it does not.
#include "connector/aws/credentials/shared_config/process_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "connector/base/small_file.h"
#include "tests/unit/connector/aws/credentials/source_fixture.h"
#include "tests/unit/worker/temporary_folder.h"

namespace connector::aws {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using kind = source_failure::kind;

constexpr auto good =
    R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cret","SessionToken":"tok",)"
    R"("Expiration":"2026-11-21T02:08:01Z"})";

TEST(ProcessCredentials, AreReadFromJson) {
  const auto read = read_process_credentials(good, "p");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->access_key_id, "AKID");
  EXPECT_EQ(read->session_token.reveal(), "tok");
  EXPECT_EQ(read->source, "p");
  EXPECT_EQ(wall_clock::to_time_t(*read->expires), 1795226881);
  EXPECT_TRUE(read_process_credentials("\xEF\xBB\xBF" + std::string(good), "p"));
  const auto lasting = read_process_credentials(
      R"({"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s","SessionToken":null})", "p");
  ASSERT_TRUE(lasting);
  EXPECT_FALSE(lasting->expires);
}

TEST(ProcessCredentials, AreRefusedWithoutRepeatingThem) {
  for (const auto* text :
       {"", "s3cret", "[]", R"({"AccessKeyId":"A","SecretAccessKey":"s3cret"})",
        R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"s3cret"})",
        R"({"Version":1,"AccessKeyId":"A"})",
        R"({"Version":1,"AccessKeyId":1,"SecretAccessKey":"s3cret"})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s3\ns3cret"})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s3cret","Expiration":"s3cret"})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s3cret","Expiration":5})"}) {
    const auto read = read_process_credentials(text, "p");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().reason, kind::rejected);
    EXPECT_THAT(read.error().message, StartsWith("p: "));
    EXPECT_THAT(read.error().message, Not(HasSubstr("s3cret")));
  }
}

class ProcessSource : public SourceTest {
 protected:
  // A script of that body, made runnable.
  std::string script(const std::string& body) {
    const auto name = "s" + std::to_string(++scripts_);
    folder_.write(name, "#!/bin/sh\n" + body + "\n");
    ::chmod(folder_.at(name).c_str(), 0700);
    return folder_.at(name);
  }

  std::string run(const std::string& command, process_limits bounds = {},
                  hidden_variables hidden = {}) {
    const auto source = make_process_source(secret_string(command), "p", std::move(hidden), bounds);
    return words(fetch(*source));
  }

  static bool lives(pid_t id) { return ::kill(id, 0) == 0; }

  tests::temporary_folder folder_;
  int scripts_ = 0;
};

TEST_F(ProcessSource, GivesWhatTheProgramPrints) {
  folder_.write("keys", good);
  EXPECT_EQ(run("cat '" + folder_.at("keys") + "'"), "ok AKID");
  EXPECT_EQ(run(script("echo noise >&2; cat \"$1\"") + " " + folder_.at("keys")), "ok AKID");
}

TEST_F(ProcessSource, SaysWhyThereIsNothing) {
  EXPECT_EQ(run("/no/such/program"),
            "rejected: p: the program cannot be started: No such file or directory. Give its full "
            "path.");
  EXPECT_THAT(run("no-such-program-in-the-path"), StartsWith("rejected: p: the program cannot be"));
  EXPECT_EQ(run(script("echo s3cret; exit 3")),
            "unavailable: p: the program failed (exit code 3).");
  EXPECT_EQ(run(script("kill -9 $$")), "unavailable: p: the program failed (ended by signal 9).");
  EXPECT_EQ(run(script("exit 0")), "rejected: p: the program did not print a JSON object.");
  EXPECT_THAT(run("x | y"), StartsWith("rejected: p: it is run without a shell"));
}

TEST_F(ProcessSource, EndsAProgramThatTakesTooLong) {
  const auto id = folder_.at("id");
  const auto command = script("echo $$ > " + id + "; sleep 1000 & wait");
  EXPECT_EQ(run(command, {300ms, 1000}), "unavailable: p: the program did not end within 0 s.");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left behind";
}

TEST_F(ProcessSource, EndsAProgramThatClosesItsOutputAndStays) {
  EXPECT_EQ(run(script("exec >&-; sleep 1000"), {300ms, 1000}),
            "unavailable: p: the program did not end within 0 s.");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(ProcessSource, EndsAProgramThatPrintsTooMuch) {
  EXPECT_EQ(run("yes", {20s, 1000}), "rejected: p: the program printed more than 1000 bytes.");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(ProcessSource, GivesTheProgramNothingOfOurs) {
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int open = ::fcntl(null, F_DUPFD, 40);  // without O_CLOEXEC, on purpose
  ::close(null);
  ASSERT_GE(open, 40);
  const auto seen = folder_.at("seen");
  // Signals that we ignore are not ignored there (two are the C library's own); input is at its
  // end; only 0, 1, 2 are open.
  const auto old = ::signal(SIGPIPE, SIG_IGN);
  run(script("ls /proc/$$/fd > " + seen + "; cat >> " + seen + "; grep SigIgn /proc/$$/status >> " +
             seen));
  ::signal(SIGPIPE, old);
  ::close(open);
  const auto file = read_small_file(seen, 1000);
  EXPECT_THAT(file.text,
              testing::MatchesRegex("0\n1\n(1[0-9]\n)*2\n(255\n)?SigIgn:.0000000[01][08]0000000"));
}

TEST(ChildEnvironment, KeepsWhatIsOrdinaryAndNoSecret) {
  const char* const all[] = {"PATH=/bin",
                             "HOME=/srv/w",
                             "HTTPS_PROXY=http://u:p@proxy:1",
                             "AWS_PROFILE=billing",
                             "AWS_CONFIG_FILE=/c",
                             "AWS_REGION=eu-west-1",
                             "AWS_WEB_IDENTITY_TOKEN_FILE=/t",
                             "VAULT_TOKEN=theirs",
                             "AWS_ACCESS_KEY_ID=A",
                             "AWS_SECRET_ACCESS_KEY=s",
                             "AWS_SESSION_TOKEN=t",
                             "AWS_SECURITY_TOKEN=t",
                             "AWS_LAMBDA_AWS_ACCESS_KEY=A",
                             "AWS_LAMBDA_AWS_SECRET_KEY=s",
                             "AWS_CONTAINER_AUTHORIZATION_TOKEN=t",
                             "SECRET_DB=s",
                             "strange",
                             nullptr};
  const auto hidden = [](std::string_view name) { return name.starts_with("SECRET_"); };
  EXPECT_THAT(
      child_environment(all, hidden),
      testing::ElementsAre("PATH=/bin", "HOME=/srv/w", "HTTPS_PROXY=http://u:p@proxy:1",
                           "AWS_PROFILE=billing", "AWS_CONFIG_FILE=/c", "AWS_REGION=eu-west-1",
                           "AWS_WEB_IDENTITY_TOKEN_FILE=/t", "VAULT_TOKEN=theirs", "strange"));
  EXPECT_TRUE(child_environment(nullptr, hidden).empty());
}

TEST_F(ProcessSource, TellsTheProgramNoSecretOfTheEnvironment) {
  const std::vector<std::pair<const char*, const char*>> variables = {
      {"SECRET_OF_A_TASK", "m4rked1"},
      {"AWS_SECRET_ACCESS_KEY", "m4rked2"},
      {"AWS_SESSION_TOKEN", "m4rked3"},
      {"AWS_PROFILE", "billing"}};
  for (const auto& [name, value] : variables) ::setenv(name, value, 1);
  const auto seen = folder_.at("seen");
  run(script("env > " + seen), {},
      [](std::string_view name) { return name.starts_with("SECRET_"); });
  for (const auto& [name, value] : variables) ::unsetenv(name);
  const auto file = read_small_file(seen, 100'000);
  EXPECT_THAT(file.text, HasSubstr("AWS_PROFILE=billing"));
  EXPECT_THAT(file.text, HasSubstr("PATH="));
  EXPECT_THAT(file.text, Not(HasSubstr("m4rked")));
}

TEST_F(ProcessSource, KnowsTheExitCodeThoughSigchldWasIgnored) {
  folder_.write("keys", good);
  const auto old = ::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(run("cat " + folder_.at("keys")), "ok AKID");
  ::signal(SIGCHLD, old);
}

// The second program has closed its output, so that its end alone is waited for.
TEST_F(ProcessSource, LeavesNothingBehindWhenItIsCancelled) {
  for (const std::string before : {"", "exec >&-; "}) {
    const auto id = folder_.at("id" + std::to_string(before.size()));
    const auto command = script(before + "echo $$ > " + id + "; exec sleep 1000");
    const auto source = make_process_source(secret_string(command), "p");
    const auto place = start(*source);
    ASSERT_TRUE(run_until([&] {
      const auto file = read_small_file(id, 100);
      return file.result == file_text::state::read && !file.text.empty();
    }));
    const auto child = static_cast<pid_t>(std::stol(read_small_file(id, 100).text));
    EXPECT_TRUE(lives(child));
    cancel_.emit(boost::asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until([&] { return place->has_value(); }));
    EXPECT_EQ(words(**place), "unavailable: p: given up.");
    EXPECT_FALSE(lives(child));
  }
}

}  // namespace
}  // namespace connector::aws
