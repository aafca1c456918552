#include "worker/jobs/at_most_once_marker.h"

#include "connector/base/backoff.h"
#include "connector/base/json_writer.h"
#include "connector/base/timestamp.h"
#include "worker/jobs/task.h"

namespace worker::jobs {

namespace json = connector::json;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits marker_backoff{milliseconds(50), milliseconds(1000)};
constexpr milliseconds longest_marking{10'000};

std::string marker_for(engine::job_key key) {
  const auto marker = json::object_writer()
                          .string("jobKey", std::to_string(key))
                          .string("time", connector::timestamp_text(connector::wall_clock::now()))
                          .take();
  return json::object_writer().raw(at_most_once_marker_variable, marker).take();
}

}  // namespace

boost::asio::awaitable<marker_result> write_at_most_once_marker(engine::gateway& engine,
                                                                active_job_ptr active,
                                                                connector::random_source random) {
  const auto variables = marker_for(active->key());
  const auto latest = boot_clock::now() + longest_marking;
  for (int tries = 0;; ++tries) {
    const auto status = co_await engine.set_variables(active->job().element_instance_key, variables,
                                                      milliseconds(5000));
    const auto now = boot_clock::now();
    if (status.code == engine::status_code::not_found) active->found_gone();
    if (active->state() == job_state::gone) {
      co_return marker_result{job_end::superseded, std::nullopt};
    }
    // After another activation the job may have run elsewhere in between.
    if (!active->current_lease().alive(now) || !active->variables_are_current()) {
      co_return marker_result{job_end::lapsed, std::nullopt};
    }
    if (status.ok() && active->current_lease().alive_with_margin(now)) co_return marker_result{};
    const auto judged = engine::classify(status);
    if (judged != engine::status_class::accepted && judged != engine::status_class::transient) {
      co_return marker_result{std::nullopt, status};
    }
    if (status.ok() || active->stops() || now >= latest) {
      co_return marker_result{std::nullopt, status};
    }
    const auto wait = connector::full_jitter(marker_backoff, tries, random) + milliseconds(10);
    co_await active->wait_for_change(wait);
  }
}

bool marker_may_be_taken_later(const engine::status& status) {
  const auto judged = engine::classify(status);
  return judged == engine::status_class::accepted ||
         (judged == engine::status_class::transient &&
          status.code != engine::status_code::permission_denied);
}

fail_command release_and_remove_marker(int retries, std::string_view reason) {
  auto release = release_command(retries, reason);
  release.variables = json::object_writer().null(at_most_once_marker_variable).take();
  release.send_once = true;
  return release;
}

}  // namespace worker::jobs
