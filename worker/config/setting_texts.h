// The text that a setting is given, and where: the flag counts before the environment, and that
// before the configuration file. A file that cannot be read becomes an issue. The sources and the
// issues must outlive this. Once at start.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/config/config_file.h"
#include "worker/config/load.h"
#include "worker/config/settings_table.h"

namespace worker::config {

// A variable of this ending names the file that holds the value.
inline constexpr std::string_view file_end = "_FILE";

struct setting_text {
  std::string text;
  std::string source;  // "--region", "AWS_REGION", "AWS_REGION_FILE", "worker.yaml:12"
  std::optional<std::vector<std::string>> items{};  // of a list in the configuration file
};

class setting_texts {
 public:
  setting_texts(const sources& from, std::vector<issue>& issues);

  // Reads the configuration file; until then nothing is found in it. The file's profiles and rules
  // are returned, its settings stay here. `source` named the file.
  config_file read_file(const std::string& path, const std::string& source);

  // Nothing when no source gives the setting.
  std::optional<setting_text> find(const setting_spec& spec);

  // The text of a variable, or of the file that NAME_FILE names. An empty variable counts as not
  // set, because some platforms cannot remove a variable; an empty file is an issue of `key`.
  std::optional<setting_text> variable(std::string_view key, const std::string& name);

  // The other variables of the setting whose value is not the one that counts, when that is a
  // variable's too: two names, or two spellings of one name, that disagree.
  std::vector<std::string> overruled(const setting_spec& spec, const setting_text& counts);

  // The files that the configuration file names for values, each with its line ("worker.yaml:12").
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> files_of_values() const;

  // An issue that is known already is not added again: a variable may be read twice.
  void add_issue(std::string_view key, std::string source, std::string text);

 private:
  std::optional<setting_text> flag(const setting_spec& spec);
  std::optional<setting_text> in_file(const setting_spec& spec);
  // The text of the file at `path`; `otherwise` ends the advice for an empty one.
  std::optional<std::string> content_of(const std::string& path, std::string_view key,
                                        const std::string& source, std::string_view otherwise);
  void refuse_empty(const setting_spec& spec, const std::string& name);
  [[nodiscard]] std::string spelling_of(const std::string& name) const;

  [[nodiscard]] connector::file_text file_at(const std::string& path, std::size_t most) const;

  const sources& from_;
  std::vector<issue>& issues_;
  std::map<std::string, std::string> relaxed_;  // the Spring runtime's names: relaxed to as set
  std::map<std::string, file_value, std::less<>> file_settings_;
  std::string file_path_;
};

}  // namespace worker::config
