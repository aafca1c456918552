// A credentials file on the disk, shared with other processes of the same user: tokens are taken
// over from it and written into it. Never fatal: a file that cannot be used is left alone, with one
// line in the log for each new reason. Writers take no lock: of two that write at the same time one
// entry is lost, and its client asks for a token once more. Loop's thread.
#pragma once

#include <optional>
#include <string>

#include "connector/oauth/access_token.h"

namespace worker::program {

class token_file {
 public:
  // An empty path: there is no file, and both below do nothing.
  token_file(std::string path, std::string client_id);

  // The client's token, unless it has expired.
  std::optional<connector::oauth::access_token> load();

  // The file is replaced as a whole by one that its user alone can read (0600). Its folder is made
  // when only the last one is missing. A file that is no credentials file is not replaced.
  void save(const connector::oauth::access_token& token);

 private:
  void tell(const std::string& reason);

  std::string path_;
  std::string client_id_;
  std::string told_;  // the last reason
};

}  // namespace worker::program
