#include "worker/secrets/file_source.h"

#include <utility>

#include "connector/base/file_below.h"
#include "worker/secrets/references.h"

namespace worker::secrets {

namespace {

// No part may be empty or start with a dot: "." and ".." would walk, and Kubernetes keeps the
// generations of a volume in folders with two dots.
bool stays_inside(std::string_view name) {
  bool at_start = true;
  for (const char c : name) {
    if (at_start && (c == '.' || c == '/')) return false;
    at_start = c == '/';
  }
  return !name.empty() && !at_start;
}

}  // namespace

finding file_source::look_up(std::string_view name) {
  if (!is_name(name) || !stays_inside(name)) return finding::missing();
  auto read = connector::read_file_below(directory_, std::string(name), max_bytes);
  if (!read) return finding::refused("its file is a link that leads out of the folder of secrets");
  auto& file = *read;
  switch (file.result) {
    case connector::file_text::state::read:
      return finding::found(connector::secret_string::take(file.text));
    case connector::file_text::state::missing: {
      // The name is not to blame when nothing can be found.
      auto why = trouble();
      return why.empty() ? finding::missing() : finding::unsure(std::move(why));
    }
    case connector::file_text::state::unreadable:
      return finding::away("its file cannot be read: " + file.reason);
    case connector::file_text::state::too_large:
      return finding::refused("its file cannot be used: " + file.reason);
  }
  return finding::missing();
}

std::string file_source::trouble() const { return connector::trouble_of_folder(directory_); }

std::string file_source::describe() const { return "files in " + directory_; }

}  // namespace worker::secrets
