// Secrets from the environment, read when the program started: SECRET_NAME for the name NAME. The
// settings collect them (SECRET_NAME_FILE included) and remove the prefix. Loop's thread.
#pragma once

#include <map>
#include <string>

#include "worker/secrets/source.h"

namespace worker::secrets {

class environment_source : public source {
 public:
  using values = std::map<std::string, connector::secret_string, std::less<>>;

  // `prefix` is only shown to people.
  environment_source(std::string prefix, values by_name)
      : prefix_(std::move(prefix)), by_name_(std::move(by_name)) {}

  [[nodiscard]] lookup_result look_up(std::string_view name) override;
  [[nodiscard]] std::string describe() const override;
  // Shells set no variable with a / in its name.
  [[nodiscard]] std::string_view tenant_separator() const override { return "__"; }

 private:
  std::string prefix_;
  values by_name_;
};

}  // namespace worker::secrets
