#include <array>

#include "tests/fuzz/target.h"

namespace fuzz {

std::span<const target> targets() {
  static const std::array all = {
      json_scan(),      json_values(),        secret_references(), secret_resolver(),
      percent(),        iso_duration(),       canonical_request(), aws_error(),
      http_answer(),    invoke_response(),    invoke_input(),      job_task(),
      config_file(),    metadata_answer(),    metadata_url(),      roles_anywhere_answer(),
      x509_identity(),  shared_profiles(),    sts_answer(),        packed_answer(),
      number_text(),    setting_values(),     redaction(),         feel_parser(),
      feel_evaluator(), feel_temporal_text(), feel_pattern(),      task_expressions(),
      dropin_task(),    execution_answer(),   token_answer(),      credentials_file(),
  };
  return all;
}

}  // namespace fuzz
