#include "worker/policy/plaintext_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/secret.h"
#include "worker/secrets/listing.h"
#include "worker/secrets/references.h"
#include "worker/secrets/runtime_references.h"

namespace worker::policy {

namespace json = connector::json;
using secrets::origin;

namespace {

constexpr std::string_view credentials = "authentication";

// Of this worker's inputs, and of the inputs of the job type that it can replace.
constexpr std::array<std::string_view, 4> key_fields = {"secretAccessKey", "sessionToken",
                                                        "secretKey", "secret"};

// A session token of STS has some thousand bytes.
constexpr std::size_t longest_key = 16 * 1024;
constexpr std::size_t most_keys = 16;

bool is_key_field(std::string_view name) {
  return std::find(key_fields.begin(), key_fields.end(), name) != key_fields.end();
}

secrets::listing listed_in(const std::vector<secrets::task_value>& task) {
  for (const auto& value : task) {
    if (value.from != origin::header || value.input.name != "secrets") continue;
    if (auto listed = secrets::listing::read(json::text_of(value.input.value).value_or(""))) {
      return *std::move(listed);
    }
  }
  return {};
}

class search {
 public:
  search(const std::vector<secrets::task_value>& task, secrets::data_mode in_data)
      : in_data_(in_data), listed_(listed_in(task)) {}

  // Calls `found` with name and text of each field of the object that holds a plaintext key.
  template <class Found>
  void object(const secrets::task_value& value, const Found& found) const {
    std::string inner;
    std::string_view object = value.input.value;
    if (json::kind_of(object) == json::kind::string) {
      inner = json::text_of(object).value_or("");
      object = inner;
    }
    if (json::is_object(object)) {
      for (const auto& [raw_name, field] : json::members(object).members) {
        const auto name = json::text_of(fmt::format("\"{}\"", raw_name)).value_or("");
        if (is_key_field(name) && is_plaintext(field, name, value.from)) found(name, field);
      }
    }
    connector::wipe(inner);
  }

  // Calls `found` with the place and the JSON text of each plaintext key of the task.
  template <class Found>
  void task(const std::vector<secrets::task_value>& all, const Found& found) const {
    for (const auto& value : all) {
      const std::string_view name = value.input.name;
      if (name == credentials) {
        object(value, [&](const std::string& field, std::string_view text) {
          found(fmt::format("{}.{}", credentials, field), value.from, text);
        });
      }
      if (value.from != origin::header || !name.starts_with(credentials)) continue;
      const auto field = name.substr(credentials.size());
      if (!field.starts_with('.') || !is_key_field(field.substr(1))) continue;
      if (is_plaintext(value.input.value, field.substr(1), value.from)) {
        found(std::string(name), value.from, value.input.value);
      }
    }
  }

  [[nodiscard]] bool is_plaintext(std::string_view value, std::string_view field,
                                  origin from) const {
    if (value == "null" || value == "\"\"") return false;
    auto text = json::text_of(value);
    if (!text) return json::kind_of(value) != json::kind::object;
    const bool plaintext = !is_reference(*text, field, from);
    connector::wipe(*text);
    return plaintext;
  }

 private:
  [[nodiscard]] bool is_reference(std::string_view text, std::string_view field,
                                  origin from) const {
    if (in_data_ == secrets::data_mode::runtime) {
      return !secrets::runtime_references_in(text).empty();
    }
    if (!secrets::references_in(text).empty())
      return true;  // the resolver refuses one that does not count
    const auto name = secrets::bare_name(text);
    if (!name || from == origin::header || in_data_ == secrets::data_mode::any) {
      return name.has_value();
    }
    return listed_.counts(*name, secrets::place_of_text(fmt::format("{}.{}", credentials, field)));
  }

  secrets::data_mode in_data_;
  secrets::listing listed_;
};

}  // namespace

std::optional<std::string> plaintext_key_in(const std::vector<secrets::task_value>& task,
                                            secrets::data_mode in_data,
                                            std::optional<origin> only) {
  std::optional<std::string> first;
  search(task, in_data).task(task, [&](std::string place, origin from, std::string_view) {
    if (!first && only.value_or(from) == from) first = std::move(place);
  });
  return first;
}

std::vector<connector::secret_string> plaintext_keys(const std::vector<secrets::task_value>& task,
                                                     secrets::data_mode in_data) {
  std::vector<connector::secret_string> out;
  search(task, in_data).task(task, [&](const std::string&, origin, std::string_view value) {
    auto text = json::text_of(value).value_or(std::string(value));
    if (text.size() <= longest_key && out.size() < most_keys) out.emplace_back(text);
    connector::wipe(text);
  });
  return out;
}

}  // namespace worker::policy
