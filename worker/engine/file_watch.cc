#include "worker/engine/file_watch.h"

#include <chrono>
#include <utility>

#include "connector/base/small_file.h"

namespace worker::engine {

namespace {

constexpr std::chrono::seconds between_looks{1};

}  // namespace

file_watch::file_watch(std::vector<std::string> paths)
    : paths_(std::move(paths)), taken_(look()), seen_(taken_) {}

file_watch::state file_watch::look() const {
  state out;
  out.reserve(paths_.size());
  for (const auto& path : paths_) out.push_back(connector::stamp_of(path));
  return out;
}

bool file_watch::changed(time_point now) {
  if (paths_.empty() || (looked_ && now - *looked_ < between_looks)) return false;
  looked_ = now;
  auto found = look();
  const bool lasting = found == seen_ && found != taken_;
  if (lasting) taken_ = found;
  seen_ = std::move(found);
  return lasting;
}

}  // namespace worker::engine
