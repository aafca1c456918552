// The command `check`: is everything there that `run` needs? Exit codes: 0 all fine, 2 settings,
// 3 the gateway, 4 credentials (the worst of those that failed last in this list).
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <string>
#include <utility>

#include "worker/cli/actions.h"
#include "worker/cli/assembly.h"
#include "worker/cli/http_parts.h"

namespace worker::cli {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr int exit_gateway = 3;
constexpr int exit_credentials = 4;

asio::awaitable<void> look_at(assembly& parts, connector::aws::identity who, std::string name,
                              int& code) {
  const auto end = connector::boot_clock::now() + milliseconds(10'000);
  const auto keys = co_await parts.credentials().get(std::move(who), end);
  if (keys.has_value()) {
    fmt::print("ok    {}: {}, access key id {}\n", name, keys->source, keys->access_key_id);
  } else {
    code = exit_credentials;
    fmt::print("WRONG {}: {}\n", name, keys.error().message);
  }
}

asio::awaitable<void> look(assembly& parts, const config::settings& settings, int& code) {
  engine::topology found;
  const auto answer = co_await parts.gateway().ask_topology(found, milliseconds(10'000));
  if (answer.ok()) {
    fmt::print("ok    gateway {}: version {}, {} of {} partitions led\n", settings.gateway.address,
               found.gateway_version, found.partitions_led, found.partitions);
  } else {
    code = exit_gateway;
    fmt::print("WRONG gateway {}: {} {}\n", settings.gateway.address, engine::name_of(answer.what),
               answer.message);
    const auto hint = gateway_hint(settings.gateway, answer);
    if (!hint.empty()) fmt::print("      {}\n", hint);
  }
  const auto unread = co_await parts.load_secrets();
  for (const auto* source : parts.secret_sources()) {
    fmt::print("ok    secrets: {}\n", source->describe());
  }
  if (!unread.empty()) {
    code = exit_credentials;
    fmt::print("WRONG secrets: {}\n", unread);
  }
  connector::aws::identity who;
  who.region = parts.region();
  co_await look_at(parts, who, "credentials", code);
  for (const auto& profile : settings.profiles) {
    who.from = connector::aws::identity::kind::profile;
    who.profile = profile.name;
    co_await look_at(parts, who, "profile " + profile.name, code);
  }
  parts.close_idle();
}

}  // namespace

int check(const config::settings& settings) {
  try {
    fmt::print("ok    settings\n");
    for (const auto& type : settings.jobs.types) {
      fmt::print("ok    serves {} as {}\n", type.job_type, connector::spec_of(type.what).name);
    }
    asio::io_context loop(1);
    assembly parts(loop.get_executor(), settings);
    if (const auto proxy = describe(proxy_of(settings)); !proxy.empty()) {
      fmt::print("ok    proxy {} for https requests to AWS\n", proxy);
    }
    if (!settings.config_file.empty()) {
      fmt::print("ok    configuration file {}: {} profiles, {} rules of guards\n",
                 settings.config_file, settings.profiles.size(), settings.guards.rules.size());
    }
    for (const auto& name : config::secrets_of(settings.profiles)) {
      const auto found = parts.secrets().look_up(name);
      if (found.what == secrets::finding::state::found) continue;
      fmt::print("note  the secret {}, which a credential profile refers to, is in no source\n",
                 name);
    }
    if (!settings.guards.everywhere.functions) {
      fmt::print("note  ALLOWED_FUNCTIONS is not set: tasks may call what IAM lets them\n");
    }
    if (settings.secrets.in_data_any) {
      fmt::print("note  SECRETS_IN_DATA=any: text that an end user typed can name any secret\n");
    }
    fmt::print(
        "note  a task that maps nothing takes its inputs from process variables as they are\n");
    if (parts.region().empty()) {
      fmt::print("note  no region is set: every task must name one, or give an ARN\n");
    }
    int code = exit_fine;
    asio::co_spawn(loop, look(parts, settings, code), asio::detached);
    loop.run();
    return code;
  } catch (const std::exception& e) {
    fmt::print("WRONG {}\n", e.what());
    return exit_configuration;
  }
}

}  // namespace worker::cli
