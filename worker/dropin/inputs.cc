#include "worker/dropin/inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace worker::dropin {

namespace json = connector::json;
using connector::input_value;
using json::kind;

namespace {

constexpr std::array<std::string_view, 4> names = {"authentication", "configuration", "awsFunction",
                                                   "awsCredential"};

// A list of one element counts as that element.
std::string_view unwrapped(std::string_view value) {
  if (json::kind_of(value) != kind::array) return value;
  const auto elements = json::elements(value);
  return elements.size() == 1 ? elements.front() : value;
}

// As the runtime's validation: characters up to the blank do not count.
bool is_blank(std::string_view text) {
  return text.find_first_not_of(
             std::string_view("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27"
                              "\30\31\32\33\34\35\36\37 ",
                              33)) == std::string_view::npos;
}

class reader {
 public:
  struct object {
    std::string path;  // "configuration."
    std::vector<json::member> members;
    bool present = false;
  };

  void violated(std::string_view path, std::string_view problem) {
    violations_.push_back(fmt::format("{}: {}", path, problem));
  }

  object read_object(const std::vector<json::member>& from, std::string_view where,
                     std::string_view name) {
    object out;
    out.path = fmt::format("{}{}.", where, name);
    const auto value = json::find(from, name);
    if (!value || *value == "null") return out;
    const auto one = unwrapped(*value);
    if (json::kind_of(one) != kind::object) {
      violated(out.path.substr(0, out.path.size() - 1), "must be an object");
      return out;
    }
    out.members = json::members(one).members;
    out.present = true;
    return out;
  }

  // A string token; nothing when there is none, or it is blank. Numbers and booleans count as
  // their text.
  std::optional<std::string> text(const object& from, std::string_view name) {
    const auto value = json::find(from.members, name);
    if (!value || *value == "null") return std::nullopt;
    const auto one = unwrapped(*value);
    switch (json::kind_of(one)) {
      case kind::string: {
        const auto decoded = json::text_of(one);
        if (decoded && is_blank(*decoded)) return std::nullopt;
        return std::string(one);
      }
      case kind::number:
      case kind::boolean:
        return fmt::format("\"{}\"", one);
      case kind::null:
        return std::nullopt;
      case kind::array:
      case kind::object:
        break;
    }
    violated(from.path + std::string(name), "must be a string");
    return std::nullopt;
  }

  std::optional<std::string> required(const object& from, std::string_view name) {
    const auto before = violations_.size();
    auto value = text(from, name);
    if (!value && violations_.size() == before) {
      violated(from.path + std::string(name), "must not be empty");
    }
    return value;
  }

  void add(std::string name, std::string value) {
    inputs_.push_back({std::move(name), std::move(value), false});
  }
  void add(input_value input) { inputs_.push_back(std::move(input)); }

  connector::result<std::vector<input_value>> done() {
    if (violations_.empty()) return std::move(inputs_);
    return connector::bad_input(fmt::format(
        "Found constraints violated while validating input: - {}. Correct the task's input "
        "mappings.",
        fmt::join(violations_, "; - ")));
  }

 private:
  std::vector<std::string> violations_;
  std::vector<input_value> inputs_;
};

void read_credentials(reader& in, const reader::object& from) {
  if (!from.present) return in.violated("authentication", "is required");
  // Without a type, or with one that does not exist, it is a pair of keys: the first templates
  // have no type.
  if (in.text(from, "type") == "\"defaultCredentialsChain\"") {
    return in.add("authentication", R"({"type":"default"})");
  }
  const auto id = in.required(from, "accessKey");
  const auto key = in.required(from, "secretKey");
  if (!id || !key) return;
  in.add("authentication", json::object_writer()
                               .string("type", "static")
                               .raw("accessKeyId", *id)
                               .raw("secretAccessKey", *key)
                               .take());
}

// Whether some object in the value has the member that calls an intrinsic function. Inside a string
// the quotes would be escaped.
bool calls_intrinsic_function(std::string_view value) {
  constexpr std::string_view name = "\"camunda.function.type\"";
  for (auto at = value.find(name); at != std::string_view::npos;
       at = value.find(name, at + name.size())) {
    if (connector::ascii::trim(value.substr(at + name.size(), 64)).starts_with(':')) return true;
  }
  return false;
}

bool is_in_quotes(std::string_view text) {
  return text.size() >= 2 && text.front() == text.back() &&
         (text.front() == '"' || text.front() == '\'');
}

void read_payload(reader& in, const reader::object& function, string_payload rule) {
  const auto value = json::find(function.members, "payload");
  if (!value || *value == "null") {
    return in.violated("awsFunction.payload", "must not be null");
  }
  if (calls_intrinsic_function(*value)) {
    return in.violated("awsFunction.payload",
                       "an object with camunda.function.type calls a function of the connector "
                       "runtime, which this worker does not have; map its result instead");
  }
  input_value payload{"payload", std::string(*value), false};
  if (json::kind_of(*value) == kind::string) {
    const auto text = json::text_of(*value);
    payload.literal_text =
        rule == string_payload::quoted || (text && (text->empty() || is_in_quotes(*text)));
  }
  in.add(std::move(payload));
}

// `async` was never carried out by the runtime; here it is.
void read_operation(reader& in, const reader::object& function) {
  const auto type = in.text(function, "operationType");
  if (!type) return;
  const auto word = json::text_of(*type).value_or("");
  if (connector::ascii::equal_without_case(word, "async")) {
    in.add("invocationType", "\"Event\"");
  } else if (!connector::ascii::equal_without_case(word, "sync")) {
    in.violated("awsFunction.operationType", "must be sync or async");
  }
}

}  // namespace

std::span<const std::string_view> variables() { return names; }

connector::result<std::vector<input_value>> read_inputs(const std::vector<json::member>& job,
                                                        string_payload rule) {
  reader in;
  const auto function = in.read_object(job, "", "awsFunction");
  const auto configuration = in.read_object(job, "", "configuration");
  const auto credential = in.read_object(job, "", "awsCredential");
  if (function.present) {
    if (auto name = in.required(function, "functionName")) in.add("functionName", *std::move(name));
    read_payload(in, function, rule);
    read_operation(in, function);
  } else {
    in.violated("awsFunction", "is required");
  }
  if (auto endpoint = in.text(configuration, "endpoint")) in.add("endpoint", *std::move(endpoint));

  std::optional<std::string> region;
  if (credential.present) {
    // A reusable credential wins, with its region; the task's endpoint stays.
    read_credentials(in, in.read_object(credential.members, "awsCredential.", "authentication"));
    region = in.required(credential, "region");
  } else {
    read_credentials(in, in.read_object(job, "", "authentication"));
    region = in.text(configuration, "region");
    if (!region) region = in.text(function, "region");
    if (!region) in.violated("configuration.region", "must not be empty");
  }
  if (region) in.add("region", *std::move(region));
  in.add("logType", "\"None\"");  // the response has no place for a log
  return in.done();
}

}  // namespace worker::dropin
