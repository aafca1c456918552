// Text from outside wherever it becomes a number: what is read is the number that stands there and
// in its range; a number in its range is read; nothing else is.
#include <algorithm>
#include <array>
#include <optional>

#include "connector/aws/aws_error.h"
#include "connector/aws/clock_skew.h"
#include "connector/aws/credentials/metadata/imds_answer.h"
#include "connector/aws/credentials/metadata/imds_settings.h"
#include "connector/aws/credentials/shared_config/process_source.h"
#include "connector/aws/credentials/shared_config/profile_plan.h"
#include "connector/aws/xml_reader.h"
#include "connector/base/ascii.h"
#include "connector/base/duration.h"
#include "connector/base/ip_address.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/port.h"
#include "connector/base/timestamp.h"
#include "connector/http/keep_alive.h"
#include "connector/http/proxy_environment.h"
#include "connector/lambda/authentication_input.h"
#include "connector/lambda/input_reader.h"
#include "connector/lambda/invoke/log_tail.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"
#include "worker/config/job_lists.h"
#include "worker/config/listen_address.h"
#include "worker/config/machine.h"
#include "worker/config/value_parser.h"
#include "worker/jobs/task.h"

namespace fuzz {

namespace {

namespace aws = connector::aws;
namespace config = worker::config;
namespace http = connector::http;
namespace json = connector::json;

using number = std::optional<std::int64_t>;

// An integer in decimal by its digits alone, so that nothing overflows: the sign and the digits
// without leading zeros.
struct digits {
  bool negative = false;
  std::string text;
};

std::optional<digits> digits_of(std::string_view text) {
  digits out;
  out.negative = text.starts_with('-');
  if (out.negative) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
  out.text = text;
  if (out.text == "0") out.negative = false;
  return out;
}

bool is_within(const digits& of, std::int64_t least, std::int64_t most) {
  if (of.negative && least >= 0) return false;
  const auto limit = std::to_string(of.negative ? least : most).substr(of.negative ? 1 : 0);
  const bool below =
      of.text.size() != limit.size() ? of.text.size() < limit.size() : of.text <= limit;
  return below && (of.negative || std::stoll(of.text) >= least);
}

bool is_same(const digits& of, std::int64_t value) {
  return (of.negative ? "-" : "") + of.text == std::to_string(value);
}

struct place {
  std::string_view name;
  number (*read)(std::string_view text);
  std::int64_t least;
  std::int64_t most;
  bool json_only = false;  // no leading zeros
};

number setting(std::string_view text, config::setting_type type) {
  const auto read = config::parse_value(text, type, {.least = 1, .most = 1'000'000});
  const auto* value = std::get_if<config::parsed_value>(&read);
  if (value == nullptr) return std::nullopt;
  return type == config::setting_type::duration ? value->duration.count()
                                                : static_cast<std::int64_t>(value->number);
}

std::string role_with(std::string_view seconds) {
  return R"({"type":"assumeRole","roleArn":"arn:aws:iam::123456789012:role/x","durationSeconds":)" +
         std::string(seconds) + "}";
}

number duration_seconds(const std::string& authentication) {
  if (!json::is_json(authentication)) return std::nullopt;
  const auto who = connector::lambda::read_authentication(authentication);
  if (!who || !who->role || who->role->duration_seconds == 0) return std::nullopt;
  return who->role->duration_seconds;
}

number profile_seconds(std::string_view text) {
  aws::profile_files files;
  const auto profile =
      "[profile a]\nrole_arn=arn:aws:iam::123456789012:role/x\n"
      "credential_source=Environment\nduration_seconds=" +
      std::string(text) + "\n";
  if (!aws::read_profile_file(profile, "f", aws::profile_file_kind::config, files)) return {};
  const auto plan = aws::plan_profile(files, "a", true);
  if (!plan || plan->roles.size() != 1 || plan->roles[0].role.duration_seconds == 0) return {};
  return plan->roles[0].role.duration_seconds;
}

number metadata_setting(std::string_view text, std::string_view name) {
  const auto read = aws::imds_settings_of([&](std::string_view asked) {
    return asked == name ? std::optional<std::string>(text) : std::nullopt;
  });
  if (!read || text.empty()) return std::nullopt;
  return name == "AWS_METADATA_SERVICE_TIMEOUT" ? read->limits.connect.count() / 1000
                                                : read->limits.attempts;
}

number max_items(std::string_view value) {
  const auto& list = connector::spec_of(connector::operation_id::list_functions);
  connector::lambda::input_reader in(list, {{"maxItems", std::string(value), false}});
  return in.integer("maxItems");
}

number prefix_bits(std::string_view text) {
  const auto read =
      http::read_proxy_environment(connector::secret_string(std::string("http://proxy:1")),
                                   "HTTPS_PROXY", "10.0.0.0/" + std::string(text));
  if (!read || read->except.size() != 1) return std::nullopt;
  // A text with a blank or a comma in it is several entries, and the only good one can be another
  // address.
  const auto& only = read->except[0];
  if (only.network != connector::ip_address_of("10.0.0.0")) return std::nullopt;
  return only.prefix;
}

constexpr std::int64_t max_int64 = INT64_MAX;

const std::array places = {
    place{"a JSON integer", [](std::string_view t) -> number { return json::integer_of(t); },
          INT64_MIN, max_int64, true},
    place{"a port", [](std::string_view t) -> number { return connector::port_of(t); }, 1, 65535},
    place{"maxItems", [](std::string_view t) { return max_items(t); }, 1, 50, true},
    place{"maxItems as text", [](std::string_view t) { return max_items(json::quote(t)); }, 1, 50,
          true},
    place{"durationSeconds", [](std::string_view t) { return duration_seconds(role_with(t)); }, 900,
          43'200, true},
    place{"durationSeconds as text",
          [](std::string_view t) { return duration_seconds(role_with(json::quote(t))); }, 900,
          43'200, true},
    place{"duration_seconds", profile_seconds, 900, 43'200},
    place{"AWS_METADATA_SERVICE_TIMEOUT",
          [](std::string_view t) { return metadata_setting(t, "AWS_METADATA_SERVICE_TIMEOUT"); }, 1,
          60},
    place{
        "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
        [](std::string_view t) { return metadata_setting(t, "AWS_METADATA_SERVICE_NUM_ATTEMPTS"); },
        1, 10},
    place{"an integer setting",
          [](std::string_view t) { return setting(t, config::setting_type::integer); }, 1,
          1'000'000},
    place{"a size setting",
          [](std::string_view t) { return setting(t, config::setting_type::size); }, 1, 1'000'000},
    place{"a duration setting",
          [](std::string_view t) { return setting(t, config::setting_type::duration); }, 1,
          1'000'000},
    place{"a listen address",
          [](std::string_view t) -> number {
            const auto read = config::parse_listen_address(t);
            return read && read->on ? number(read->port) : std::nullopt;
          },
          0, 65535},
    place{"a memory limit", [](std::string_view t) -> number { return config::memory_limit_of(t); },
          1, std::int64_t{1} << 60},
    place{"a limit of a job type",
          [](std::string_view t) -> number {
            std::map<std::string, int> active;
            const auto wrong = config::read_active_of_type({"a=" + std::string(t)}, {}, active);
            return wrong || !active.contains("a") ? std::nullopt : number(active["a"]);
          },
          1, 10'000},
    place{"bits of a network", prefix_bits, 0, 32},
};

// Blanks around a number, a unit behind it and a host before it mean something at some places.
bool is_bare(std::string_view text) {
  return text.find_first_not_of("0123456789-+.eE") == std::string_view::npos;
}

std::string read_at_each(std::string_view text) {
  const auto plain = digits_of(text);
  for (const auto& each : places) {
    const auto read = each.read(text);
    const auto name = std::string(each.name);
    if (read && (*read < each.least || *read > each.most)) return name + ": out of its range";
    if (!is_bare(text)) continue;
    if (read && !plain) return name + ": a number out of something else";
    if (read && !is_same(*plain, *read)) return name + ": another number";
    const bool fits = plain && is_within(*plain, each.least, each.most) &&
                      (!each.json_only || json::is_json(text));
    // Zero stands for "not given" at some places, and has no minus at others.
    if (fits && !read && plain->text != "0") return name + ": refused a good number";
  }
  return {};
}

// Headers of answers: nothing is refused there, everything has a bound.
std::string read_headers(std::string_view text) {
  const std::string value(text);
  constexpr std::chrono::hours hour(1);
  for (const auto* name : {"Retry-After", "x-amz-retry-after"}) {
    const auto wait = aws::retry_after_of({{name, value}});
    if (wait.count() < 0 || wait > hour) return "a pause out of its range";
    const auto plain = digits_of(text);
    if (plain && !plain->negative && plain->text.size() > 8 && wait != hour) {
      return "a long pause is read as no pause";
    }
  }
  http::response token;
  token.fields = {{"X-aws-ec2-metadata-token-ttl-seconds", value}};
  const auto life = aws::imds_token_life(token);
  if (life.count() < 0 || life > aws::longest_imds_token) return "a token of an odd life";
  const auto kept = http::announced_keep_alive({{"Keep-Alive", "timeout=" + value}});
  if (kept && (kept->count() < 0 || kept->count() > UINT32_MAX)) return "an odd keep-alive";
  (void)aws::parse_http_date("Sun, 06 Nov " + value + " 08:49:37 GMT");
  return {};
}

std::string read_dates(std::string_view text) {
  const std::string value(text);
  for (const auto& date : {value, "2026-11-21T02:08:01." + value + "Z", value + "-11-21T02:08:01Z",
                           "2026-11-21T02:08:01+" + value, value + "1121T020801Z"}) {
    const auto read = connector::parse_timestamp(date);
    if (!read) continue;
    const auto again = connector::parse_timestamp(connector::timestamp_text(*read));
    const bool early = *read < connector::wall_clock::time_point();
    if (!early && (!again || *again > *read)) return "a date that does not read back";
  }
  for (const auto& duration : {"PT" + value + "H", "P" + value + "D", "PT" + value + "M",
                               "PT0." + value + "S", "P1DT" + value + "S"}) {
    const auto read = connector::parse_iso_duration(duration);
    if (read && (read->count() < 0 || *read > std::chrono::hours(24 * 3661))) {
      return "a duration out of its range";
    }
  }
  return {};
}

std::string read_documents(std::string_view text) {
  const std::string value(text);
  const auto process = aws::read_process_credentials(
      R"({"AccessKeyId":"A","SecretAccessKey":"b","Version":)" + value + "}", "p");
  const bool one = json::is_json(text) && connector::ascii::trim(text) == "1";
  if (process.has_value() != one && is_bare(text)) return "a version other than 1, or 1 refused";
  if (const auto xml = aws::read_xml("<a>&#" + value + ";</a>"); xml && is_bare(text)) {
    if (!is_within(digits_of(text).value_or(digits{true, "1"}), 0, 0x10FFFF)) {
      return "not a character";
    }
  }
  worker::engine::job from;
  from.headers = "{}";
  from.variables = R"({"lambda":{"functionName":"f"},"lambdaAttempt":)" + value + "}";
  const auto& invoke = connector::spec_of(connector::operation_id::invoke);
  const auto attempt = worker::jobs::read_task(from, invoke, {}).attempt;
  if (attempt < 0 || attempt > 1000) return "an odd number of attempts";
  const auto report = connector::lambda::read_report("REPORT RequestId: x\tDuration: " + value +
                                                     " ms\tBilled Duration: " + value + " ms");
  for (const auto& ms : {report.duration_ms, report.billed_duration_ms}) {
    if (!ms.empty() && !json::is_json(ms)) return "a duration that is no JSON";
  }
  return {};
}

std::string run_number_text(std::string_view text) {
  for (const auto each : {read_at_each, read_headers, read_dates, read_documents}) {
    if (auto wrong = each(text); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

target number_text() { return {"NumberText", run_number_text, number_seeds(), number_words()}; }

}  // namespace fuzz
