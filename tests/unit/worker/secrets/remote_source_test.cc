// The copy of a remote store as tasks see it: when it is read again, and which tasks wait.
#include "worker/secrets/remote_source.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "connector/base/json.h"
#include "worker/secrets/environment_source.h"
#include "worker/secrets/resolver.h"

namespace worker::secrets {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using connector::failure_class;
using connector::secret_string;

task_value header_value(std::string name, std::string_view text) {
  return {{std::move(name), connector::json::quote(text), false}, origin::header};
}

// One job: what it asks for, and how that ended.
struct asking {
  std::optional<connector::result<resolved_task>> ended;
  asio::cancellation_signal cancel;

  [[nodiscard]] std::string value(std::size_t at = 0) const {
    if (!ended) return "(waits)";
    if (ended->has_error()) {
      return ended->error().failure == failure_class::permanent ? "(incident)" : "(retry)";
    }
    return connector::json::text_of((*ended)->values.at(at).input.value).value_or("?");
  }
};

class StoreSource : public testing::Test {
 protected:
  ~StoreSource() override {
    store_.stop();
    held_.cancel();
    settle();
  }

  asio::awaitable<connector::result<secret_string>> fetch() {
    ++fetched_;
    boost::system::error_code woken;
    if (hold_) co_await held_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!failing_.empty()) co_return connector::bad_input(failing_);
    co_return secret_string(store_text_);
  }
  void settle() {
    loop_.restart();
    loop_.poll();
  }
  void begin(const std::string& text) {
    store_text_ = text;
    asio::co_spawn(loop_, store_.load(), [](std::exception_ptr bug, const std::string& wrong) {
      EXPECT_FALSE(bug);
      EXPECT_EQ(wrong, "");
    });
    settle();
    store_.start();
    settle();
  }
  // `values` as custom headers.
  std::unique_ptr<asking> ask(const std::vector<std::string>& values) {
    auto out = std::make_unique<asking>();
    std::vector<task_value> task;
    for (const auto& value : values) task.push_back(header_value("h", value));
    asio::co_spawn(loop_, resolver_.resolve(std::move(task)),
                   asio::bind_cancellation_slot(
                       out->cancel.slot(), [got = out.get()](std::exception_ptr bug,
                                                             connector::result<resolved_task> end) {
                         EXPECT_FALSE(bug);
                         got->ended = std::move(end);
                       }));
    settle();
    return out;
  }
  std::string value_of(const std::string& text) { return ask({text})->value(); }

  asio::io_context loop_{1};
  asio::steady_timer held_{loop_, asio::steady_timer::time_point::max()};
  connector::boot_clock::time_point now_{1h};
  std::string store_text_;
  std::string failing_;
  bool hold_ = false;
  int fetched_ = 0;
  remote_source store_{loop_.get_executor(), "the store",
                       [this](connector::deadline /*end*/) { return fetch(); }, 5min,
                       [this] { return now_; }};
  environment_source later_{"SECRET_", {{"LATER", secret_string("of the later one")}}};
  resolver resolver_{{&store_, &later_}};
};

TEST_F(StoreSource, AsksLaterSourcesBeforeItReadsAnew) {
  begin(R"({"a":"1"})");
  now_ += 1min;
  EXPECT_EQ(value_of("{{secrets.LATER}}"), "of the later one");
  EXPECT_EQ(fetched_, 1);
}

TEST_F(StoreSource, NameThatWasAddedIsReadOnceForAllThatWait) {
  begin(R"({"a":"1"})");
  now_ += 1min;
  store_text_ = R"({"a":"1","new":"2","newer":"3"})";
  hold_ = true;
  const auto first = ask({"{{secrets.new}}"});
  const auto second = ask({"{{secrets.newer}}"});
  const auto known = ask({"{{secrets.a}}"});
  EXPECT_EQ(first->value(), "(waits)");
  EXPECT_EQ(second->value(), "(waits)");
  EXPECT_EQ(known->value(), "1");
  hold_ = false;
  held_.cancel();
  settle();
  EXPECT_EQ(first->value(), "2");
  EXPECT_EQ(second->value(), "3");
  EXPECT_EQ(fetched_, 2);
}

TEST_F(StoreSource, NameThatIsNowhereIsAnIncidentAndReadForOnce) {
  begin(R"({"a":"1"})");
  EXPECT_EQ(value_of("{{secrets.nowhere}}"), "(incident)");
  EXPECT_EQ(fetched_, 1);
  now_ += 1min;
  EXPECT_EQ(value_of("{{secrets.nowhere}}"), "(incident)");
  EXPECT_EQ(fetched_, 2);
  now_ += 9s;
  EXPECT_EQ(value_of("{{secrets.neither}}"), "(incident)");
  EXPECT_EQ(fetched_, 2);
}

TEST_F(StoreSource, StoreThatIsAwayIsARetryAndNotAskedForEveryTask) {
  begin(R"({"a":"1"})");
  now_ += 1min;
  failing_ = "the store is down";
  const auto wrong = ask({"{{secrets.new}}"});
  EXPECT_EQ(wrong->value(), "(retry)");
  EXPECT_NE(wrong->ended->error().message.find("the store is down"), std::string::npos);
  EXPECT_EQ(value_of("{{secrets.new}}"), "(retry)");
  EXPECT_EQ(value_of("{{secrets.LATER}}"), "of the later one");
  EXPECT_EQ(fetched_, 2);
  now_ += 11s;
  failing_.clear();
  store_text_ = R"({"new":"2"})";
  EXPECT_EQ(value_of("{{secrets.new}}"), "2");
  EXPECT_EQ(fetched_, 3);
}

// A value is put in once, however often its task had to wait.
TEST_F(StoreSource, ReadingsAndLookUpsAreCounted) {
  EXPECT_EQ(store_.count().read, 0U);
  EXPECT_FALSE(store_.count().age);
  begin(R"({"a":"1"})");
  now_ += 1min;
  failing_ = "the store is down";
  EXPECT_EQ(value_of("{{secrets.a}}"), "1");
  EXPECT_EQ(value_of("{{secrets.new}}"), "(retry)");
  EXPECT_EQ(store_.count().read, 2U);
  EXPECT_EQ(store_.count().failed, 1U);
  EXPECT_EQ(store_.count().age, 1min);
  using state = lookup_result::state;
  const auto count_of = [&](state how) {
    return resolver_.lookups().at(static_cast<std::size_t>(how));
  };
  EXPECT_EQ(count_of(state::found), 1U);
  EXPECT_GE(count_of(state::stale), 1U);
  EXPECT_EQ(count_of(state::missing), 0U);
  EXPECT_EQ(name_of(state::unusable), "unusable");
}

TEST_F(StoreSource, WaitingPutsNothingInTwice) {
  begin(R"({"nested":"{{secrets.a}}","a":"1"})");
  now_ += 1min;
  store_text_ = R"({"nested":"{{secrets.a}}","a":"1","new":"2"})";
  const auto done =
      ask({"{{secrets.nested}}", "{{secrets.nested}} {{secrets.new}}",
           R"({"x":"{{secrets.nested}}","y":["{{secrets.new}}"]})", "{{secrets.new}}"});
  EXPECT_EQ(done->value(0), "{{secrets.a}}");
  EXPECT_EQ(done->value(1), "{{secrets.a}} 2");
  EXPECT_EQ(done->value(2), R"({"x":"{{secrets.a}}","y":["2"]})");
  EXPECT_EQ(done->value(3), "2");
  EXPECT_EQ((*done->ended)->secrets.size(), 2U);
}

TEST_F(StoreSource, WaitEndsWithTheTaskAndWithTheProgram) {
  begin("{}");
  now_ += 1min;
  hold_ = true;
  const auto first = ask({"{{secrets.new}}"});
  const auto second = ask({"{{secrets.new}}"});
  first->cancel.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_NE(first->value(), "(waits)");
  EXPECT_EQ(second->value(), "(waits)");
  store_.stop();
  settle();
  EXPECT_EQ(second->value(), "(retry)");
}

}  // namespace
}  // namespace worker::secrets
