// A parser under test as a function of bytes, with what the generator makes its inputs from. One
// list, used by the short runs of ctest and by the libFuzzer programs. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct target {
  std::string_view name;
  // What is wrong with what came out; empty: nothing. A crash is found by the sanitizers.
  std::string (*run)(std::string_view input);
  std::vector<std::string> seeds;       // inputs of the kind that is expected, and old offenders
  std::vector<std::string> dictionary;  // pieces that mean something to the parser
  // Of the short run: as many as take about a second.
  std::uint64_t smoke_inputs = 4000;
};

std::span<const target> targets();

// One for each file of this folder.
target json_scan();
target json_values();
target number_text();
target secret_references();
target secret_resolver();
target percent();
target iso_duration();
target canonical_request();
target aws_error();
target feel_parser();
target feel_evaluator();
target http_answer();
target packed_answer();
target invoke_response();
target execution_answer();
target invoke_input();
target job_task();
target config_file();
target setting_values();
target metadata_answer();
target metadata_url();
target roles_anywhere_answer();
target x509_identity();
target shared_profiles();
target sts_answer();
target redaction();
target feel_temporal_text();
target feel_pattern();
target task_expressions();
target dropin_task();
target token_answer();
target credentials_file();

}  // namespace fuzz
