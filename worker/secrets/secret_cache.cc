#include "worker/secrets/secret_cache.h"

#include <utility>

#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace worker::secrets {

namespace json = connector::json;

connector::result<void> secret_cache::replace(const connector::secret_string& json_object,
                                              connector::boot_clock::time_point now) {
  const auto read = json::members(connector::without_mark(json_object.reveal()));
  if (read.wrong) {
    return connector::bad_input("its text is no JSON object of names and values");
  }
  if (read.members.size() > max_secrets) {
    return connector::bad_input("it has more than 1,000 members");
  }
  std::map<std::string, connector::secret_string, std::less<>> values;
  for (const auto& member : read.members) {
    const auto name = json::text_of("\"" + std::string(member.name) + "\"");
    if (!name) return connector::bad_input("a name in it is no text");
    auto text = json::kind_of(member.value) == json::kind::string
                    ? json::text_of(member.value)
                    : std::optional(std::string(member.value));
    if (!text) return connector::bad_input("a value in it is no text");
    values.insert_or_assign(*name, connector::secret_string::take(*text));
  }
  values_ = std::move(values);
  loaded_ = true;
  loaded_at_ = now;
  last_error_.clear();
  return {};
}

lookup_result secret_cache::look_up(std::string_view name,
                                    connector::boot_clock::time_point now) const {
  const auto found = values_.find(name);
  if (found != values_.end()) return lookup_result::found(found->second);
  if (!loaded_)
    return lookup_result::unavailable(last_error_.empty() ? "it is being read" : last_error_);
  if (now - loaded_at_ <= fresh_for) return lookup_result::missing();
  return lookup_result::stale(
      last_error_.empty() ? "it is not in the copy, which is being read again" : last_error_);
}

}  // namespace worker::secrets
