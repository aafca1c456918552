#include "worker/secrets/file_source.h"

#include <utility>

#include "connector/base/file_below.h"
#include "connector/base/small_file.h"
#include "worker/secrets/references.h"

namespace worker::secrets {

namespace {

// No part may be empty or start with a dot: ".." leads out of the folder, and Kubernetes keeps the
// generations of a volume in folders that start with two dots.
bool stays_inside(std::string_view name) {
  bool at_start = true;
  for (const char c : name) {
    if (at_start && (c == '.' || c == '/')) return false;
    at_start = c == '/';
  }
  return !name.empty() && !at_start;
}

}  // namespace

lookup_result file_source::look_up(std::string_view name) {
  if (!is_name(name) || !stays_inside(name)) return lookup_result::missing();
  auto read = connector::read_file_below(directory_, std::string(name), max_bytes);
  if (!read)
    return lookup_result::unusable("its file is a link that leads out of the folder of secrets");
  auto& file = *read;
  switch (file.result) {
    case connector::file_text::state::read: {
      auto found = lookup_result::found(connector::secret_string::take(file.text));
      found.named_by = named_by(file.stamp);
      return found;
    }
    case connector::file_text::state::missing: {
      // When the folder itself cannot be read, the name may still be right.
      auto reason = issue();
      return reason.empty() ? lookup_result::missing() : lookup_result::stale(std::move(reason));
    }
    case connector::file_text::state::unreadable:
      return lookup_result::unavailable("its file cannot be read: " + file.reason);
    case connector::file_text::state::too_large:
      return lookup_result::unusable("its file cannot be used: " + file.reason);
  }
  return lookup_result::missing();
}

std::string file_source::named_by(const connector::file_stamp& file) const {
  for (const auto& [path, name] : own_) {
    const auto own = connector::stamp_of(path);
    if (own && own->device == file.device && own->inode == file.inode) return name;
  }
  return {};
}

std::string file_source::issue() const { return connector::trouble_of_folder(directory_); }

std::string file_source::describe() const { return "files in " + directory_; }

}  // namespace worker::secrets
