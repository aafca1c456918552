// What expressions cost: parsing, evaluating when they are parsed already, a large answer, the end
// of a job, and expressions that are made to take long.
#include <benchmark/benchmark.h>

#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/report.h"
#include "worker/feel/expression.h"
#include "worker/feel/expression_cache.h"
#include "worker/feel/json.h"
#include "worker/jobs/outcome_to_command.h"
#include "worker/results/result_expression.h"

namespace {

namespace feel = worker::feel;

constexpr std::string_view three_fields =
    "= {total: payload.total, ok: statusCode = 200, ids: payload.items[price > 10].id}";
constexpr std::string_view answer =
    R"({"statusCode":200,"payload":{"total":61.5,"items":[{"id":1,"price":5},{"id":2,"price":12.5},{"id":3,"price":44.0}]}})";

void parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(feel::expression::parse(three_fields));
}
BENCHMARK(parse);

// As a job does it: the answer was checked, the expression is in the cache, JSON comes out.
void evaluate(benchmark::State& state) {
  feel::expression_cache cache;
  const auto surroundings = feel::present();
  for (auto _ : state) {
    const auto parsed = cache.get(three_fields);
    feel::scope names;
    names.add(feel::from_checked_json(answer));
    benchmark::DoNotOptimize(feel::to_json(*parsed->evaluate(names, surroundings).outcome));
  }
}
BENCHMARK(evaluate);

std::string large(std::int64_t items) {
  std::string text = R"({"statusCode":200,"payload":{"total":1,"items":[)";
  for (std::int64_t at = 0; at < items; ++at) {
    if (at > 0) text += ',';
    text += R"({"id":)" + std::to_string(at) + R"(,"price":)" + std::to_string(at % 20) +
            R"(,"text":"some words that nothing looks at"})";
  }
  return text + "]}}";
}

void evaluate_large(benchmark::State& state) {
  const auto text = large(state.range(0));
  const auto parsed = feel::expression::parse(three_fields);
  const auto surroundings = feel::present();
  for (auto _ : state) {
    feel::scope names;
    names.add(feel::from_checked_json(text));
    benchmark::DoNotOptimize(feel::to_json(*parsed->evaluate(names, surroundings).outcome));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(evaluate_large)->Arg(150)->Arg(1'500)->Arg(15'000);

void pass_large_through(benchmark::State& state) {
  const auto text = large(state.range(0));
  const auto parsed = feel::expression::parse("{all: payload}");
  const auto surroundings = feel::present();
  for (auto _ : state) {
    feel::scope names;
    names.add(feel::from_checked_json(text));
    benchmark::DoNotOptimize(feel::to_json(*parsed->evaluate(names, surroundings).outcome));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(pass_large_through)->Arg(150)->Arg(1'500)->Arg(15'000);

// The end of a job: what its expressions cost is the difference to the first of these.
connector::outcome answered() {
  connector::answer given;
  given.variables = {
      {"statusCode", "200"},
      {"executedVersion", "\"$LATEST\""},
      {"payload",
       R"({"total":61.5,"items":[{"id":1,"price":5},{"id":2,"price":12.5},{"id":3,"price":44.0}]})"},
      {"log", "null"}};
  connector::outcome out;
  out.result = std::move(given);
  out.function = "orders";
  out.region = "eu-west-1";
  return out;
}

void job_end(benchmark::State& state, const std::map<std::string, std::string>& texts) {
  namespace jobs = worker::jobs;
  const auto headers = jobs::read_task_headers(texts);
  feel::expression_cache cache;
  const worker::secrets::redactor masks;
  const jobs::job_facts job{3};
  for (auto _ : state) {
    auto outcome = answered();
    if (!headers->has_expressions()) {
      benchmark::DoNotOptimize(
          jobs::outcome_to_command(std::move(outcome), *headers, job, [] { return 0.5; }));
      continue;
    }
    jobs::expression_facts facts{worker::results::begin_session(cache),
                                 jobs::response_of(outcome, job), masks};
    benchmark::DoNotOptimize(jobs::outcome_to_command(
        std::move(outcome), *headers, job, [] { return 0.5; }, &facts));
  }
}
constexpr int turns = 9;  // of the two whose difference is held against a bound
BENCHMARK_CAPTURE(job_end, without_expressions, {})->Repetitions(turns);
BENCHMARK_CAPTURE(job_end, with_result_expression,
                  {{"resultExpression", std::string(three_fields)}})
    ->Repetitions(turns);
BENCHMARK_CAPTURE(job_end, with_error_expression,
                  {{"errorExpression",
                    "=if error.code = \"AMBIGUOUS\" then bpmnError(\"A\", \"b\") else null"}});

// The longest time for which a job's expressions keep the loop's thread: until their deadline, and
// until the bound on what they write.
void hostile(benchmark::State& state, const std::string& text) {
  feel::expression_cache cache;
  const auto response = R"({"payload":)" + large(20'000) + "}";
  for (auto _ : state) {
    auto session = worker::results::begin_session(cache);
    benchmark::DoNotOptimize(worker::results::result_variables(session, "", text, response));
  }
}
BENCHMARK_CAPTURE(hostile, endless, "={a: for i in 1..999999, j in 1..999999 return i * j}");
BENCHMARK_CAPTURE(
    hostile, pattern,
    R"(={a: for i in 1..99999 return matches("aaaaaaaaaaaaaaaaaaaaaaaab", "^(a+)+$")})");
BENCHMARK_CAPTURE(hostile, every_item, "={a: for i in payload.payload.items return i}");
BENCHMARK_CAPTURE(hostile, pairs_of_items,
                  "={a: for i in payload.payload.items, j in payload.payload.items return i = j}");
BENCHMARK_CAPTURE(hostile, sorted,
                  "={a: sort(payload.payload.items, function(x, y) x.text < y.text)}");
BENCHMARK_CAPTURE(
    hostile, refused_sorts,
    "={a: for i in 1..99999 return sort(payload.payload.items, function(x, y) null)}");
BENCHMARK_CAPTURE(hostile, most_often,
                  "={a: for i in 1..99 return mode(payload.payload.items.price)}");
BENCHMARK_CAPTURE(hostile, distinct, "={a: distinct values(payload.payload.items)}");
BENCHMARK_CAPTURE(hostile, joined_text,
                  "={a: for i in 1..99 return string(payload) + string(payload)}");
BENCHMARK_CAPTURE(hostile, split_text, R"(={a: split(string(payload), "")})");
BENCHMARK_CAPTURE(hostile, long_text, "={a: for i in 1..9999 return upper case(string(payload))}");
BENCHMARK_CAPTURE(hostile, powers, "={a: for i in 1..99999 return 1.000001 ** 999999.5}");
BENCHMARK_CAPTURE(hostile, passed_on_often, "={a: for i in 1..99 return payload}");

// Shows the runs as ever, and keeps the processor times of `job_end`.
class keeping_reporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& each : runs) {
      if (each.run_type != Run::RT_Iteration || each.error_occurred) continue;
      const auto name = each.run_name.function_name;
      // In the unit of the run, which is nanoseconds here.
      times_[name].push_back(each.GetAdjustedCPUTime() / 1000);
    }
    ConsoleReporter::ReportRuns(runs);
  }
  // Microseconds; nothing: it did not run.
  [[nodiscard]] std::optional<double> median_of(const std::string& name) const {
    const auto found = times_.find(name);
    if (found == times_.end()) return std::nullopt;
    return bench::median(found->second);
  }

 private:
  std::map<std::string, std::vector<double>> times_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  keeping_reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  const auto without = reporter.median_of("job_end/without_expressions");
  const auto with = reporter.median_of("job_end/with_result_expression");
  if (without && with) {
    std::cout << bench::verdict({{"result_expression_us", 5, false, *with - *without}})
              << std::endl;
  }
  return 0;
}
