#include "worker/config/own_files.h"

#include "worker/config/secret_prefix.h"
#include "worker/config/settings_table.h"

namespace worker::config {

namespace {

constexpr std::string_view folder_of_tasks = "secrets.directory";

class collector {
 public:
  void add(const std::string& path, const std::string& named_by) {
    if (!path.empty()) found_.emplace(path, named_by);
  }

  void add_paths(const settings& values) {
    for (const auto& spec : settings_table()) {
      if (spec.type != setting_type::path || spec.key == folder_of_tasks) continue;
      if (values.is_set(spec.key))
        add(values.find_shown(spec.key)->value, values.source_of(spec.key));
    }
  }

  // Those of the AWS tools too, whose names end so.
  void add_variables(const sources& from) {
    for (const auto& [name, value] : from.environment) {
      if (name.ends_with(file_end) && is_read_here(name)) add(value, name);
    }
  }

  void add_profiles(const settings& values) {
    for (const auto& each : values.profiles) {
      const auto name = "the credential profile " + each.name;
      for (const auto* path :
           {&each.token_file, &each.certificate_file, &each.chain_file, &each.private_key.file,
            &each.passphrase.file, &each.secret_access_key.file, &each.session_token.file}) {
        add(*path, name);
      }
    }
  }

  std::map<std::string, std::string> take() { return std::move(found_); }

 private:
  std::map<std::string, std::string> found_;
};

}  // namespace

std::map<std::string, std::string> own_files(const sources& from, const setting_texts& texts,
                                             const settings& values) {
  collector out;
  out.add_variables(from);
  for (const auto& [path, line] : texts.files_of_values()) out.add(path, line);
  out.add_paths(values);
  out.add_profiles(values);
  return out.take();
}

}  // namespace worker::config
