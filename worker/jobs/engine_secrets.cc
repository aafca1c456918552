#include "worker/jobs/engine_secrets.h"

#include "connector/base/shortened.h"
#include "worker/engine/engine_version.h"

namespace worker::jobs {

namespace {

constexpr std::chrono::minutes between_questions{1};
constexpr std::chrono::milliseconds longest_question{5000};
constexpr std::size_t longest_version = 40;

}  // namespace

boost::asio::awaitable<engine_secrets::injection> engine_secrets::ask() {
  if (last_ && connector::boot_clock::now() - asked_at_ < between_questions) co_return *last_;
  engine::topology seen;
  const auto status = co_await engine_.ask_topology(seen, longest_question);
  if (!status.ok() || seen.broker_versions.empty()) co_return injection::not_known;
  asked_at_ = connector::boot_clock::now();
  last_ = injection::injects;
  for (const auto& text : seen.broker_versions) {
    const auto version = engine::read_version(text);
    if (version && *version >= engine::version_of_leases) continue;
    last_ = injection::older;
    old_version_ = connector::shortened(text, longest_version);
  }
  co_return *last_;
}

}  // namespace worker::jobs
