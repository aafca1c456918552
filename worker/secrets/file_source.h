// Secrets from a folder, one file per name, as Kubernetes and Docker mount them. Every look-up
// reads the file: a changed secret, also one swapped by a symbolic link, counts for the next task,
// and nothing can be stale. Loop's thread; the files are local and small.
#pragma once

#include <cstddef>
#include <string>

#include "worker/secrets/source.h"

namespace worker::secrets {

class file_source : public source {
 public:
  static constexpr std::size_t max_bytes = 64 * 1024;

  explicit file_source(std::string directory) : directory_(std::move(directory)) {}

  // Names with a / are looked for in folders below; no name leads out of the folder or to a hidden
  // file, and no link out of the folder. One newline at the end of the file is not part of the
  // value.
  [[nodiscard]] finding look_up(std::string_view name) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string trouble() const override;

 private:
  std::string directory_;
};

}  // namespace worker::secrets
