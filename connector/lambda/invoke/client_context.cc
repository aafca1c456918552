#include "connector/lambda/invoke/client_context.h"

#include <fmt/format.h>

#include <array>
#include <functional>

#include "connector/base/base64.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"
#include "connector/lambda/input_reader.h"
#include "connector/lambda/json_members.h"

namespace connector::lambda {

namespace {

constexpr std::size_t max_header = 3583;
constexpr std::size_t max_text = max_header / 4 * 3;  // before base64

// `object` with one more member at its end. The name needs no escapes.
std::string with_last(std::string_view object, bool is_empty, std::string_view name,
                      std::string_view value) {
  const auto end = object.rfind('}');
  std::string out;
  out.reserve(object.size() + name.size() + value.size() + 4);
  out.append(object, 0, end).append(is_empty ? "" : ",");
  out.append("\"").append(name).append("\":").append(value).append(object, end);
  return out;
}

error lookalike(std::string_view name) {
  return field_error("clientContext",
                     fmt::format("a name in it differs from {} in capitals alone, and some readers "
                                 "take it for the one that the worker writes; use another name",
                                 name));
}

// Puts a block into `user` as custom.job; prepared once, because the block may have to shrink.
using placement = std::function<std::string(std::string_view block)>;

result<placement> place_in(const std::string& user) {
  const auto read = json::members(user);
  if (read.wrong) return field_error("clientContext", read.wrong->reason);
  if (has_lookalike(read.members, "custom")) return lookalike("custom");
  const auto custom = find_unescaped(read.members, "custom");
  if (!custom) {
    const bool is_empty = read.members.empty();
    return placement([&user, is_empty](std::string_view block) {
      return with_last(user, is_empty, "custom", with_last("{}", true, "job", block));
    });
  }
  if (*custom == "null") {
    // In its place, because two members of one name are two meanings.
    const auto at = static_cast<std::size_t>(custom->data() - user.data());
    return placement([&user, at, length = custom->size()](std::string_view block) {
      const std::string_view whole = user;
      return fmt::format(R"({}{{"job":{}}}{})", whole.substr(0, at), block,
                         whole.substr(at + length));
    });
  }
  if (json::kind_of(*custom) != json::kind::object) {
    return field_error("clientContext", "its member custom must be an object");
  }
  const auto inside = json::members(*custom);
  if (find_unescaped(inside.members, "job")) {
    return field_error("clientContext", "custom.job is what the worker adds; use another name");
  }
  if (has_lookalike(inside.members, "job")) return lookalike("job");
  const bool is_empty = inside.members.empty();
  const auto at = static_cast<std::size_t>(custom->data() - user.data());
  const auto length = custom->size();
  return placement([&user, is_empty, at, length](std::string_view block) {
    const std::string_view whole = user;
    return std::string(whole.substr(0, at))
        .append(with_last(whole.substr(at, length), is_empty, "job", block))
        .append(whole.substr(at + length));
  });
}

error too_large(std::size_t bytes) {
  return field_error("clientContext",
                     fmt::format("too large: with the job's key it has {} bytes, of which Lambda "
                                 "takes {} ({} as base64); shorten it, or use the payload",
                                 bytes, max_text, max_header));
}

// Empty without tags.
std::string tag_list(const std::vector<std::string>& tags) {
  std::string out;
  for (const auto& tag : tags) {
    out += out.empty() ? '[' : ',';
    out += json::quote(tag);
  }
  return out.empty() ? out : out + ']';
}

// One member of the block: a text of the job, borrowed, or JSON.
struct block_field {
  std::string_view name;
  std::string_view text;
  std::string json;

  [[nodiscard]] bool known() const { return !text.empty() || !json.empty(); }
};
using block_fields = std::array<block_field, max_dropped + 1>;

// In the order of what the function needs most; those that are not known are empty.
block_fields block_members(const job_context& job, std::string_view traceparent) {
  const auto number = [](const auto& value) {
    return value ? std::to_string(*value) : std::string();
  };
  return {{{"jobKey", job.job_key, {}},
           {"processInstanceKey", job.process_instance_key, {}},
           {"elementInstanceKey", job.element_instance_key, {}},
           {"retries", {}, number(job.retries)},
           {"tenantId", job.tenant_id, {}},
           {"traceparent", traceparent, {}},
           {"elementId", job.element_id, {}},
           {"bpmnProcessId", job.bpmn_process_id, {}},
           {"businessId", job.business_id, {}},
           {"priority", {}, number(job.priority)},
           {"physicalTenantId", job.physical_tenant, {}},
           {"tags", {}, tag_list(job.tags)}}};
}

// Without the last `dropped` of them.
std::string block_of(const block_fields& members, std::size_t dropped) {
  json::object_writer out;
  out.reserve(512);
  for (std::size_t i = 0; i + dropped < members.size(); ++i) {
    const auto& each = members.at(i);
    if (!each.text.empty()) out.string(each.name, each.text);
    if (!each.json.empty()) out.raw(each.name, each.json);
  }
  return out.take();
}

}  // namespace

std::string job_block(const job_context& job, std::string_view traceparent, std::size_t dropped) {
  return block_of(block_members(job, traceparent), dropped);
}

result<client_context> make_client_context(const std::string& user, const job_context& job,
                                           std::string_view traceparent) {
  if (job.job_key.empty()) {
    if (user.size() > max_text) return too_large(user.size());
    return client_context{base64_encode(user), {}};
  }
  const std::string base = user.empty() ? "{}" : user;
  const auto place = place_in(base);
  if (!place) return place.error();
  const auto members = block_members(job, traceparent);
  std::string text;
  for (std::size_t dropped = 0; dropped <= max_dropped; ++dropped) {
    text = (*place)(block_of(members, dropped));
    if (text.size() > max_text) continue;
    client_context out{base64_encode(text), {}};
    for (std::size_t i = members.size() - dropped; i < members.size(); ++i) {
      if (members.at(i).known()) out.left_out.push_back(members.at(i).name);
    }
    return out;
  }
  return too_large(text.size());
}

}  // namespace connector::lambda
