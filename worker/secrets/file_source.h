// Secrets from a folder, one file per name, as Kubernetes and Docker mount them. Every look-up
// reads the file, so a changed secret counts for the next task, also one changed by a symbolic
// link. Loop's thread; the files are local and small.
#pragma once

#include <cstddef>
#include <string>

#include "worker/secrets/source.h"

namespace worker::secrets {

class file_source : public source {
 public:
  static constexpr std::size_t max_bytes = 64 * 1024;

  explicit file_source(std::string directory) : directory_(std::move(directory)) {}

  // A name with a / is a file in a folder below. No name leads out of the folder or to a hidden
  // file, and no link leads out of the folder. One newline at the end of the file is not part of
  // the value.
  [[nodiscard]] lookup_result look_up(std::string_view name) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string issue() const override;

 private:
  std::string directory_;
};

}  // namespace worker::secrets
