// The text of a credentials file, in which the existing clients of the gateway keep their tokens:
// YAML, client id -> auth -> credentials -> accesstoken, expiry (RFC 3339), tokentype. Entries of
// other clients are kept as they are. The file is outside data. Pure.
// Source: OAuthCredentialsCache of the Java client 8.8, oauthYamlCredentialsCache of the Go client
// (which, as the Java client up to 8.7, has the audience where the client id stands).
#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/clock.h"
#include "connector/base/secret.h"
#include "worker/config/yaml.h"

namespace worker::program {

struct stored_token {
  connector::secret_string value;  // can stand in a header
  connector::wall_clock::time_point expires;
};

class credentials_file {
 public:
  // Longer files are refused, and not written.
  static constexpr std::size_t max_bytes = 1024 * 1024;

  // An error says why this is no credentials file, in one line without anything of its content
  // but line numbers. A text without entries is one.
  static boost::system::result<credentials_file, std::string> read(std::string_view text);

  // Without value: there is no entry. An error: there is one that cannot be used; in one line,
  // without its values.
  [[nodiscard]] boost::system::result<std::optional<stored_token>, std::string> token_of(
      std::string_view client_id) const;

  void put(const std::string& client_id, const stored_token& token);

  // Nothing: the file would be too long, or the client id is not UTF-8.
  [[nodiscard]] std::optional<std::string> text() const;

 private:
  config::yaml_node root_;
};

}  // namespace worker::program
