#include "tests/sandbox/engine/faults.h"

#include <utility>

namespace sandbox::engine {
namespace {
std::size_t index_of(rpc which) { return static_cast<std::size_t>(which); }
}  // namespace

void fault_book::add(rpc which, fault f) { faults_[index_of(which)].push_back(std::move(f)); }

void fault_book::lift(rpc which) { faults_[index_of(which)].clear(); }

void fault_book::lift_all() {
  for (auto& list : faults_) list.clear();
}

std::optional<fault> fault_book::take(rpc which, std::int64_t job_key) {
  auto& list = faults_[index_of(which)];
  for (auto it = list.begin(); it != list.end(); ++it) {
    if (it->job_key != 0 && it->job_key != job_key) continue;
    fault found = *it;
    if (it->times > 0 && --it->times == 0) list.erase(it);
    return found;
  }
  return std::nullopt;
}

}  // namespace sandbox::engine
