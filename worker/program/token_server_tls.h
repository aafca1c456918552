// TLS to the token server: the worker's own certificate with its key, and the authorities that are
// trusted, out of the operator's files. A file that changes counts with the next connection; files
// that do not fit are an error in the log, and those before them stay. Loop's thread.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/base/file_text.h"
#include "connector/http/tls_material.h"
#include "worker/config/settings.h"

namespace worker::program {

class token_server_tls {
 public:
  // Throws std::runtime_error that names a setting, its file and what is wrong with it.
  explicit token_server_tls(const config::settings& from);

  // Never null.
  std::shared_ptr<const connector::http::tls_material> current();

  // Whether the settings name any of the files.
  static bool is_wanted(const config::login_settings& from);

 private:
  using state = std::array<std::optional<connector::file_stamp>, 3>;
  [[nodiscard]] state look() const;
  [[nodiscard]] connector::http::tls_material read() const;

  const config::login_settings settings_;
  const std::string key_store_setting_;  // the variables or keys that messages name
  const std::string key_file_setting_;
  const std::string ca_file_setting_;
  state seen_;  // the files as they were read last, well or not
  std::shared_ptr<const connector::http::tls_material> now_;
};

}  // namespace worker::program
