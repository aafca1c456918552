#include "worker/jobs/plaintext_key_check.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "connector/base/log.h"
#include "worker/jobs/job_refusals.h"
#include "worker/jobs/job_type.h"
#include "worker/policy/plaintext_keys.h"
#include "worker/secrets/near_references.h"

namespace worker::jobs {

using boost::asio::awaitable;
using policy::reference_rule;

namespace {

// {{secret.NAME}} is a mistake and no key; the message of the job's failure shows it.
bool is_near_reference(std::string_view text) {
  const auto found = secrets::near_miss_in(text);
  return found && found->text == text;
}

void warn_of_plaintext_key(const active_job& active, const std::string& field) {
  if (std::exchange(active.type().warned_plaintext_key, true)) return;
  connector::log::warning(
      "a task gives a key in clear; refer to a secret instead ({{secrets.NAME}}), or set "
      "REQUIRE_SECRET_REFERENCES=true to refuse such tasks",
      {{"field", field},
       {"elementId", active.job().element_id},
       {"bpmnProcessId", active.job().bpmn_process_id}});
}

}  // namespace

void plaintext_key_check::mask(active_job& active, const task& read, secrets::data_mode mode) {
  std::vector<secrets::redaction_registry::handle> known;
  for (const auto& key : policy::plaintext_keys(read.values, mode)) {
    if (is_near_reference(key.reveal())) continue;
    known.push_back(redaction_.add_given(key));
  }
  active.keep_secrets(std::move(known));
}

plaintext_key_check::verdict plaintext_key_check::check(const active_job& active, const task& read,
                                                        secrets::data_mode mode,
                                                        reference_rule rule) {
  auto field = policy::plaintext_key_in(read.values, mode);
  if (!field) return {};
  switch (rule) {
    case reference_rule::always:
      return {plaintext_key_error(*field), false, {}};
    case reference_rule::engine: {
      // The engine resolves no header.
      const auto in_header = policy::plaintext_key_in(read.values, mode, secrets::origin::header);
      if (in_header) {
        return {
            plaintext_key_error(*in_header, "The engine puts no secret into a header."), false, {}};
      }
      return {std::nullopt, true, *std::move(field)};
    }
    case reference_rule::none:
      break;
  }
  warn_of_plaintext_key(active, *field);
  return {};
}

awaitable<std::optional<connector::error>> plaintext_key_check::check_version(std::string field) {
  const auto injection = co_await of_engine_.ask();
  if (injection == engine_secrets::injection::injects) co_return std::nullopt;
  if (injection == engine_secrets::injection::not_known) co_return engine_not_known(field);
  const auto why = fmt::format(
      "The engine puts secrets into variables since 8.10, and a broker of it is of version {}.",
      of_engine_.old_version());
  co_return plaintext_key_error(field, why);
}

}  // namespace worker::jobs
