#include "worker/secrets/place_warnings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "connector/base/json.h"
#include "connector/base/log.h"
#include "worker/secrets/listing.h"

namespace worker::secrets {

namespace log = connector::log;

void place_warnings::look_at(const std::vector<task_value>& task, std::string_view process,
                             std::string_view element) {
  if (full_) return;
  for (const auto& value : task) {
    if (value.from != origin::header || value.input.name != "secrets") continue;
    const auto text = connector::json::text_of(value.input.value);
    const auto listed = text ? listing::read(*text) : std::nullopt;
    if (!listed || listed->without_place().empty()) continue;
    const auto which = std::hash<std::string>{}(fmt::format("{}\n{}", process, element));
    if (!warned_.insert(which).second) continue;
    log::warning(
        "the header secrets lists names without a place: text that a user types into any variable "
        "of the task may refer to them; write place:NAME, such as payload.token:API_TOKEN",
        {{"names", fmt::format("{}", fmt::join(listed->without_place(), ","))},
         {"elementId", std::string(element)},
         {"bpmnProcessId", std::string(process)}});
    if (warned_.size() < max_tasks) continue;
    full_ = true;
    log::warning("more tasks that list secrets without a place are not named any more",
                 {{"named", std::to_string(max_tasks)}});
  }
}

}  // namespace worker::secrets
