#include "connector/aws/credentials/shared_config/profile_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "connector/base/ascii.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_sections = 1000;
constexpr int max_lines = 20'000;
constexpr std::array<const char*, 3> key_properties = {"aws_access_key_id", "aws_secret_access_key",
                                                       "aws_session_token"};

// A # or ; after a blank begins a comment.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    if ((value[i] == '#' || value[i] == ';') && ascii::is_space_or_tab(value[i - 1])) {
      return ascii::trim(value.substr(0, i));
    }
  }
  return value;
}

std::string_view without_quotes(std::string_view name) {
  name = ascii::trim(name);
  const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
                      name.front() == name.back();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

class parser {
 public:
  parser(std::string file, profile_file_kind kind, profile_files& into)
      : file_(std::move(file)), kind_(kind), into_(into) {}

  // The error of the line; empty: it has none.
  std::string_view line(std::string_view text) {
    ++number_;
    if (number_ > max_lines) return "the file has more lines than any such file should have";
    if (text.ends_with('\r')) text.remove_suffix(1);
    const auto bare = ascii::trim(text);
    if (bare.empty() || bare.front() == '#' || bare.front() == ';') return {};
    if (text.find('\0') != std::string_view::npos) return "it holds a zero byte";
    if (ascii::is_space_or_tab(text.front())) return continuation(bare);
    if (bare.front() == '[') return heading(bare);
    return assignment(bare);
  }

  [[nodiscard]] file_place here() const { return {file_, number_}; }

 private:
  std::string_view heading(std::string_view text) {
    current_ = nullptr;
    last_ = nullptr;
    seen_heading_ = true;
    const auto end = text.find(']');
    if (end == std::string_view::npos) return "a section must end with ]";
    const auto rest = ascii::trim(text.substr(end + 1));
    if (!rest.empty() && rest.front() != '#' && rest.front() != ';') {
      return "there is something behind the ] of a section";
    }
    auto inner = ascii::trim(text.substr(1, end - 1));
    auto* group = &into_.profiles;
    if (kind_ == profile_file_kind::config && inner != "default") {
      const auto blank = inner.find_first_of(" \t");
      const auto word = inner.substr(0, blank);
      if (blank == std::string_view::npos || (word != "profile" && word != "services")) return {};
      if (word == "services") group = &into_.services;
      inner = inner.substr(blank + 1);
    }
    const std::string name(without_quotes(inner));
    if (name.empty()) return "a section needs a name";
    if (into_.profiles.size() + into_.services.size() >= max_sections && !group->contains(name)) {
      return "there are more sections than any such file should have";
    }
    const auto [at, fresh] = group->try_emplace(name);
    if (fresh) at->second.at = here();
    current_ = &at->second;
    // A set of keys is never put together from two files.
    replaces_keys_ = kind_ == profile_file_kind::credentials && begun_.insert({name, true}).second;
    return {};
  }

  std::string_view assignment(std::string_view text) {
    last_ = nullptr;
    if (!seen_heading_) return "it stands before the first section";
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return "it is neither \"name = value\" nor a section";
    const auto name = ascii::lower(ascii::trim(text.substr(0, equals)));
    if (name.empty()) return "the name before = is missing";
    if (current_ == nullptr) return {};
    const bool is_key =
        std::find(key_properties.begin(), key_properties.end(), name) != key_properties.end();
    if (is_key && std::exchange(replaces_keys_, false)) {
      for (const auto* each : key_properties) current_->properties.erase(each);
    }
    auto& made = current_->properties[name];
    made = property{};
    made.value = secret_string(std::string(without_comment(ascii::trim(text.substr(equals + 1)))));
    made.at = here();
    last_ = &made;
    return {};
  }

  // Below a property without a value: a property of its own. Else the value goes on, which nothing
  // that is read here needs.
  std::string_view continuation(std::string_view text) {
    if (!seen_heading_) return "it stands before the first section";
    if (last_ == nullptr || !last_->value.empty()) return {};
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return "it is no \"name = value\"";
    const auto name = ascii::lower(ascii::trim(text.substr(0, equals)));
    last_->nested[name] =
        secret_string(std::string(without_comment(ascii::trim(text.substr(equals + 1)))));
    return {};
  }

  std::string file_;
  profile_file_kind kind_;
  profile_files& into_;
  int number_ = 0;
  bool seen_heading_ = false;
  bool replaces_keys_ = false;
  section* current_ = nullptr;  // null: a section that is passed over
  property* last_ = nullptr;    // what an indented line belongs to
  std::map<std::string, bool> begun_;
};

}  // namespace

const property* section::find(const std::string& name) const {
  const auto found = properties.find(name);
  return found == properties.end() || found->second.value.empty() ? nullptr : &found->second;
}

std::string section::text(const std::string& name) const {
  const auto* found = find(name);
  return found == nullptr ? std::string() : std::string(found->value.reveal());
}

std::string place_text(const file_place& at) { return fmt::format("{} line {}", at.file, at.line); }

result<void> read_profile_file(std::string_view text, const std::string& file,
                               profile_file_kind kind, profile_files& into) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  parser reading(file, kind, into);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto wrong = reading.line(text.substr(0, end));
    if (!wrong.empty()) {
      return credentials_error(fmt::format("{}: {}.", place_text(reading.here()), wrong));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace connector::aws
