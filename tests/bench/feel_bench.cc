// What expressions cost: parsing, evaluating when they are parsed already, and a large answer.
#include <benchmark/benchmark.h>

#include <string>

#include "worker/feel/expression.h"
#include "worker/feel/expression_cache.h"
#include "worker/feel/json.h"

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

}  // namespace

BENCHMARK_MAIN();
