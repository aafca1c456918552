// The text of the two files that all AWS tools share (config and credentials) as sections and
// properties, each with its file and line for messages. Pure; no file is opened here, nothing is
// interpreted beyond the format. Source: "Shared config and credentials files" of the AWS SDKs and
// Tools Reference Guide.
#pragma once

#include <boost/system/result.hpp>
#include <map>
#include <string>
#include <string_view>

#include "connector/base/result.h"
#include "connector/base/secret.h"

namespace connector::aws {

// A place in a file, for messages.
struct file_place {
  std::string file;
  int line = 0;
};

struct property {
  secret_string value;  // any of them may be a key
  file_place at;
  std::map<std::string, secret_string> nested;  // the indented "name = value" lines below it
};

struct section {
  file_place at;  // of its first line
  std::map<std::string, property> properties;

  // Null when it is not there or empty.
  [[nodiscard]] const property* find(const std::string& name) const;
  // Empty when it is not there.
  [[nodiscard]] std::string text(const std::string& name) const;
};

struct profile_files {
  std::map<std::string, section> profiles;
  std::map<std::string, section> services;  // sections [services NAME]
};

enum class profile_file_kind {
  config,       // [default], [profile NAME], [services NAME]
  credentials,  // [NAME]
};

// Reads one file into `into`, on top of what is there: keys of a profile in the credentials file
// replace those of the config file as one set. Names of properties compare in lower case; sections
// of other kinds are passed over. An error names file and line, never the line's text.
// At most 1,000 sections and 20,000 lines.
result<void> read_profile_file(std::string_view text, const std::string& file,
                               profile_file_kind kind, profile_files& into);

// "/etc/aws/config line 12"
std::string place_text(const file_place& at);

}  // namespace connector::aws
