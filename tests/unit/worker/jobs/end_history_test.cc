#include "worker/jobs/end_history.h"

#include <gtest/gtest.h>

#include <string>

namespace worker::jobs {
namespace {

using connector::boot_clock;
using std::chrono::minutes;

const boot_clock::time_point first_end{std::chrono::hours(100)};

end_report ended(job_end how, std::string type = "t", std::int64_t key = 1) {
  end_report out;
  out.end = how;
  out.job_type = std::move(type);
  out.job_key = key;
  return out;
}

void add_to(end_history& history, end_report report, connector::boot_clock::time_point now) {
  history.count(report.job_type, report.end, now);
  if (end_history::keeps(report.end)) history.keep(std::move(report));
}

constexpr auto completed = static_cast<std::size_t>(job_end::completed);
constexpr auto failed_end = static_cast<std::size_t>(job_end::failed);

TEST(EndHistory, CountsTheEndsOfEachMinuteByType) {
  end_history history;
  add_to(history, ended(job_end::completed), first_end);
  add_to(history, ended(job_end::completed), first_end);
  add_to(history, ended(job_end::failed), first_end + minutes(3));
  add_to(history, ended(job_end::completed, "other"), first_end + minutes(3));

  const auto rows = history.by_minute(first_end + minutes(3));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.at("t").at(56).at(completed), 2U);
  EXPECT_EQ(rows.at("t").at(59).at(failed_end), 1U);
  EXPECT_EQ(rows.at("t").at(59).at(completed), 0U);
  EXPECT_EQ(rows.at("other").at(59).at(completed), 1U);
}

TEST(EndHistory, ForgetsWhatIsOlderThanAnHour) {
  end_history history;
  add_to(history, ended(job_end::completed), first_end);
  EXPECT_EQ(history.by_minute(first_end + minutes(59)).at("t").at(0).at(completed), 1U);
  for (const auto later : {60, 61, 119, 120, 5000}) {
    const auto rows = history.by_minute(first_end + minutes(later));
    for (const auto& minute : rows.at("t")) {
      EXPECT_EQ(minute.at(completed), 0U) << later;
    }
  }
  // The place of the old minute is used again.
  add_to(history, ended(job_end::failed), first_end + minutes(60));
  const auto rows = history.by_minute(first_end + minutes(60));
  EXPECT_EQ(rows.at("t").at(59).at(failed_end), 1U);
  EXPECT_EQ(rows.at("t").at(59).at(completed), 0U);
}

TEST(EndHistory, KeepsTheLastFiftyJobsThatDidNotEndWell) {
  end_history history;
  for (int i = 0; i < 70; ++i) {
    add_to(history, ended(job_end::completed, "t", 1000 + i), first_end);
    add_to(history, ended(job_end::released, "t", 2000 + i), first_end);
    add_to(history, ended(job_end::failed, "t", i), first_end);
  }
  add_to(history, ended(job_end::bpmn_error, "t", 90), first_end);
  add_to(history, ended(job_end::undelivered, "t", 91), first_end);
  ASSERT_EQ(history.failures().size(), 50U);
  EXPECT_EQ(history.failures().at(0).job_key, 91);
  EXPECT_EQ(history.failures().at(1).job_key, 90);
  EXPECT_EQ(history.failures().at(2).job_key, 69);
  EXPECT_EQ(history.failures().back().job_key, 22);
}

TEST(EndHistory, ShortensTextsOfTheModel) {
  end_history history;
  auto report = ended(job_end::failed);
  report.element_id = std::string(100'000, 'e');
  report.facts.function = std::string(100'000, 'f');
  add_to(history, std::move(report), first_end);
  EXPECT_LE(history.failures().front().element_id.size(), 200U);
  EXPECT_LE(history.failures().front().facts.function.size(), 200U);
}

TEST(EndReport, NotesCodeAndRetriesOfTheCommand) {
  end_facts facts;
  fail_command failed_once;
  failed_once.retries = 2;
  failed_once.message = "NOT_FOUND: no such function";
  note(facts, failed_once);
  EXPECT_EQ(facts.code, "NOT_FOUND");
  EXPECT_EQ(facts.retries, 2);
  note(facts, throw_command{"CardDeclined", "text", "{}", "", true});
  EXPECT_EQ(facts.code, "CardDeclined");

  // A model's own text may hold anything.
  failed_once.message = "order of Max Mustermann: declined";
  failed_once.message_of_model = true;
  note(facts, failed_once);
  EXPECT_EQ(facts.code, "jobError");

  end_facts handed_back;
  note(handed_back, release_command(1, "the worker stops"));
  EXPECT_EQ(handed_back.code, "");

  end_facts fine;
  note(fine, complete_command{"{}", ""});
  EXPECT_EQ(fine.code, "");
  EXPECT_EQ(fine.retries, std::nullopt);
}

}  // namespace
}  // namespace worker::jobs
