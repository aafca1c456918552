// Secrets from a folder, one file per name, as Kubernetes and Docker mount them. Every look-up
// reads the file, so a changed secret counts for the next task, also one changed by a symbolic
// link. Loop's thread; the files are local and small.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "connector/base/file_text.h"
#include "worker/secrets/source.h"

namespace worker::secrets {

class file_source : public source {
 public:
  static constexpr std::size_t max_bytes = 64 * 1024;

  // `own`: files that the worker's settings name: path to what names it.
  explicit file_source(std::string directory, std::map<std::string, std::string> own = {})
      : directory_(std::move(directory)), own_(std::move(own)) {}

  // A name with a / is a file in a folder below. No name leads out of the folder or to a hidden
  // file, and no link leads out of the folder. One newline at the end of the file is not part of
  // the value. A file of the worker's own is found and says so, by whatever path it is named.
  [[nodiscard]] lookup_result look_up(std::string_view name) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string issue() const override;

 private:
  // What names the file with this stamp; empty: nothing.
  [[nodiscard]] std::string named_by(const connector::file_stamp& file) const;

  std::string directory_;
  std::map<std::string, std::string> own_;
};

}  // namespace worker::secrets
