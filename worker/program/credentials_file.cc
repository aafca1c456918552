#include "worker/program/credentials_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/timestamp.h"
#include "connector/base/utf8.h"
#include "connector/oauth/access_token.h"
#include "worker/config/yaml_writer.h"

namespace worker::program {

using config::yaml_node;

namespace {

using kind = yaml_node::kind;

constexpr config::yaml_limits bounds{
    .bytes = credentials_file::max_bytes, .depth = 8, .nodes = 8000};

const yaml_node* member_of(const yaml_node* of, std::initializer_list<std::string_view> names) {
  if (of == nullptr || of->type != kind::mapping) return nullptr;
  const auto found = std::find_if(of->members.begin(), of->members.end(), [&](const auto& each) {
    return std::find(names.begin(), names.end(), each.key) != names.end();
  });
  return found == of->members.end() ? nullptr : &found->value;
}

const std::string* text_of(const yaml_node* node) {
  const bool is_text = node != nullptr && node->type == kind::text;
  return is_text && !node->is_null() ? &node->text : nullptr;
}

yaml_node text_node(std::string text, bool quoted) {
  yaml_node out;
  out.text = std::move(text);
  out.quoted = quoted;
  return out;
}

yaml_node mapping_node(std::initializer_list<std::pair<const char*, yaml_node>> members) {
  yaml_node out;
  out.type = kind::mapping;
  for (const auto& [key, value] : members) out.members.push_back({key, 0, value});
  return out;
}

}  // namespace

boost::system::result<credentials_file, std::string> credentials_file::read(std::string_view text) {
  auto document = config::read_yaml(text, bounds);
  if (!document.issues.empty()) {
    const auto& first = document.issues.front();
    // A key that stands twice is shown by its name, and a name in this file may be anything.
    const bool is_named = first.text.find("' stands twice") != std::string::npos;
    return fmt::format("line {}: {}", first.line, is_named ? "a key stands twice" : first.text);
  }
  credentials_file out;
  out.root_ = std::move(document.root);
  if (out.root_.is_null()) out.root_ = mapping_node({});
  if (out.root_.type != kind::mapping) {
    return std::string("it is no mapping from client ids to credentials");
  }
  return out;
}

boost::system::result<std::optional<stored_token>, std::string> credentials_file::token_of(
    std::string_view client_id) const {
  const auto* const entry = member_of(&root_, {client_id});
  if (entry == nullptr) return std::optional<stored_token>();
  const auto* const found = member_of(member_of(entry, {"auth"}), {"credentials"});
  const auto wrong = [&](std::string_view why) {
    return fmt::format("line {}: the entry of this client {}", std::max(entry->line, 1), why);
  };
  if (found == nullptr) return wrong("has no auth.credentials");
  // The Java client takes all three spellings.
  const auto* const value =
      text_of(member_of(found, {"accesstoken", "accessToken", "access_token"}));
  const auto* const type = text_of(member_of(found, {"tokentype", "tokenType", "token_type"}));
  const auto* const expiry = text_of(member_of(found, {"expiry"}));
  if (value == nullptr || !connector::oauth::is_token(*value)) {
    return wrong("has no accesstoken that can be a token");
  }
  if (type != nullptr && !connector::ascii::equal_without_case(*type, "bearer")) {
    return wrong("has another tokentype than Bearer");
  }
  const auto expires = expiry == nullptr ? std::nullopt : connector::parse_timestamp(*expiry);
  if (!expires) return wrong("has no expiry that is a date of the years 1970 to 2200");
  return std::optional(stored_token{connector::secret_string(*value), *expires});
}

void credentials_file::put(const std::string& client_id, const stored_token& token) {
  auto entry = mapping_node(
      {{"auth",
        mapping_node(
            {{"credentials",
              mapping_node({{"accesstoken", text_node(std::string(token.value.reveal()), true)},
                            {"expiry", text_node(connector::timestamp_text(token.expires), false)},
                            {"tokentype", text_node("Bearer", false)}})}})}});
  const auto same = std::find_if(root_.members.begin(), root_.members.end(),
                                 [&](const auto& each) { return each.key == client_id; });
  if (same != root_.members.end()) {
    same->value = std::move(entry);
  } else {
    root_.members.push_back({client_id, 0, std::move(entry)});
  }
}

std::optional<std::string> credentials_file::text() const {
  auto out = config::write_yaml(root_);
  if (out && (out->size() > max_bytes || !connector::is_utf8(*out))) return std::nullopt;
  return out;
}

}  // namespace worker::program
