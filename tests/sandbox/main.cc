// lambda-sandbox: the embedded engine and the embedded Lambda as one program.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "tests/sandbox/aws/sts.h"
#include "tests/sandbox/control/control.h"
#include "tests/sandbox/demo/demo.h"
#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"
#include "tests/sandbox/oauth/jwt.h"
#include "tests/sandbox/processes.h"
#include "tests/sandbox/site/steering.h"

namespace {

struct serve_flags {
  std::uint16_t engine_port = 26500;
  std::uint16_t lambda_port = 8443;
  std::uint16_t plain_port = 0;
  std::string ca_file = "sandbox-ca.pem";
  std::string info_file;
  std::string account_file;
  std::string processes_file;
  std::string login_key_file;
  std::string login_audience;
  bool lambda_only = false;
  bool any_sdk = false;
  bool with_sts = false;
  int threads = 1;
};

void add_serve(CLI::App& program, serve_flags& flags) {
  CLI::App* serve = program.add_subcommand("serve", "Run both until SIGTERM or SIGINT");
  serve->add_option("--engine-port", flags.engine_port, "Gateway port; 0: any")
      ->capture_default_str();
  serve->add_option("--lambda-port", flags.lambda_port, "HTTPS port of Lambda; 0: any")
      ->capture_default_str();
  serve->add_option("--plain-port", flags.plain_port, "A plain HTTP port of Lambda; 0: none")
      ->capture_default_str();
  serve->add_option("--ca", flags.ca_file, "Where the certificate authority is written (PEM)")
      ->capture_default_str();
  serve->add_option("--info", flags.info_file, "Where addresses and keys are written (JSON)");
  serve->add_option("--account", flags.account_file,
                    "Where SIGUSR1 has the tallies of all job keys written (JSON); beside it, "
                    "with .engine at its end, how the engine gave out its jobs");
  serve
      ->add_option("--processes", flags.processes_file,
                   "Processes of one task that can be started (JSON, see processes.h)")
      ->check(CLI::ExistingFile);
  serve
      ->add_option("--login-key", flags.login_key_file,
                   "The gateway wants tokens that this public key has signed (PEM)")
      ->check(CLI::ExistingFile);
  serve->add_option("--login-audience", flags.login_audience, "and that are for this audience");
  serve->add_option("--threads", flags.threads, "Threads of Lambda")->capture_default_str();
  serve->add_flag("--lambda-only", flags.lambda_only, "No engine");
  serve->add_flag("--any-sdk", flags.any_sdk, "Take requests without X-Amz-Content-Sha256");
  serve->add_flag("--sts", flags.with_sts,
                  "STS too, on any port; Lambda then takes the keys that it gives");
}

void add_demo(CLI::App& program, sandbox::demo::demo_options& how) {
  CLI::App* demo = program.add_subcommand("demo", "1,000 jobs with a real worker, and a table");
  demo->add_option("--worker", how.worker, "The program lambda-connector")->required();
  demo->add_option("--folder", how.folder, "For the worker's log and other files")
      ->capture_default_str();
  demo->add_option("--jobs", how.jobs_of_a_kind, "Jobs of each kind")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  demo->add_flag("--stay", how.stay, "Keep all running after the table");
}

void add_engine(CLI::App& program, sandbox::engine::options& how, std::string& events_file) {
  CLI::App* engine = program.add_subcommand(
      "engine", "The engine alone, steered by lines of JSON on standard input");
  engine->add_option("--port", how.port, "Gateway port; 0: any")->capture_default_str();
  engine->add_option("--version", how.gateway_version, "The version that Topology tells")
      ->capture_default_str();
  engine->add_option("--events", events_file, "A file to which events are appended as well");
}

void add_site(CLI::App& program, sandbox::site::options& how) {
  CLI::App* site = program.add_subcommand(
      "site",
      "A gateway with TLS and a login, its token server, and Lambda, steered by lines of "
      "JSON on standard input");
  site->add_option("--folder", how.folder, "With gateway.pem, gateway.key and clients-ca.pem")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  site->add_option("--engine-port", how.engine_port, "Gateway port; 0: any")->capture_default_str();
  site->add_option("--token-port", how.token_port, "Port of the token server; 0: any")
      ->capture_default_str();
  site->add_option("--lambda-port", how.lambda_port, "HTTPS port of Lambda; 0: any")
      ->capture_default_str();
  site->add_option("--audience", how.audience, "Audience that tokens must have");
}

// Blocked before any thread starts, so that every thread inherits it and sigwait gets them all.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Under another name first, so that no reader of the file ever sees half of it.
void write_json(const boost::json::object& text, const std::string& file) {
  sandbox::write_file(file + ".new", boost::json::serialize(text) + "\n");
  std::filesystem::rename(file + ".new", file);
}

void write_account(const sandbox::account& account, const std::string& file) {
  boost::json::object jobs;
  for (const auto& [key, tally] : account.jobs()) {
    jobs[key] = {{"requests", tally.requests}, {"executions", tally.executions}};
  }
  write_json(jobs, file);
}

// How jobs were given out, for a client that says it works by stream.
void write_totals(const sandbox::engine::job_totals& totals, const std::string& file) {
  write_json({{"polled", totals.polled}, {"pushed", totals.pushed}, {"open", totals.open}}, file);
}

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void define_processes(sandbox::engine::engine& gateway, const std::string& file) {
  for (const auto& spec : sandbox::read_processes(text_of(file))) gateway.define_process(spec);
}

void ask_for_login(sandbox::engine::options& gateway, const serve_flags& flags) {
  if (flags.login_key_file.empty()) return;
  gateway.authorize = [key = text_of(flags.login_key_file),
                       audience = flags.login_audience](const std::string& authorization) {
    const auto refused =
        sandbox::refusal_of_bearer(authorization, key, audience, std::chrono::system_clock::now());
    return refused.empty() ? grpc::Status::OK
                           : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, refused);
  };
}

int serve(const serve_flags& flags) {
  sigset_t signals = block_end_signals();
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  sandbox::lambda_options lambda_options;
  lambda_options.port = flags.lambda_port;
  if (flags.plain_port != 0) lambda_options.plain_port = flags.plain_port;
  lambda_options.ca_file = flags.ca_file;
  lambda_options.threads = flags.threads;
  lambda_options.record = false;
  lambda_options.require_content_sha256 = !flags.any_sdk;
  const sandbox::access_key key = lambda_options.keys.front();
  const std::string region = lambda_options.region;
  sandbox::lambda functions(std::move(lambda_options));
  std::unique_ptr<sandbox::sts> roles;
  if (flags.with_sts) {
    roles = std::make_unique<sandbox::sts>(region, std::vector{key});
    roles->on_new_keys([&functions](auto keys) { functions.set_keys(std::move(keys)); });
  }

  std::unique_ptr<sandbox::engine::engine> gateway;
  if (!flags.lambda_only) {
    sandbox::engine::options engine_options;
    engine_options.port = flags.engine_port;
    ask_for_login(engine_options, flags);
    gateway = std::make_unique<sandbox::engine::engine>(std::move(engine_options));
    if (!flags.processes_file.empty()) define_processes(*gateway, flags.processes_file);
  }
  const std::string ca = std::filesystem::absolute(flags.ca_file).string();
  const std::string gateway_address =
      gateway ? "http://localhost:" + std::to_string(gateway->port()) : "";
  if (!flags.info_file.empty()) {
    boost::json::object info{{"lambdaEndpoint", functions.endpoint()},
                             {"lambdaPlainEndpoint", functions.plain_endpoint()},
                             {"gatewayAddress", gateway_address},
                             {"caFile", ca},
                             {"region", region},
                             {"accessKeyId", key.id},
                             {"secretAccessKey", key.secret}};
    if (roles) info["stsEndpoint"] = roles->url();
    sandbox::write_file(flags.info_file, boost::json::serialize(info) + "\n");
  }
  std::cout << (gateway ? "CAMUNDA_GRPC_ADDRESS=" + gateway_address + " " : "")
            << "AWS_ENDPOINT_URL_LAMBDA=" << functions.endpoint() << " AWS_CA_BUNDLE=" << ca
            << " AWS_REGION=" << region << " AWS_ACCESS_KEY_ID=" << key.id
            << " AWS_SECRET_ACCESS_KEY=" << key.secret
            << (roles ? " AWS_ENDPOINT_URL_STS=" + roles->url() : "") << " lambda-connector"
            << std::endl;
  for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGUSR1;) {
    if (flags.account_file.empty()) continue;
    if (gateway) write_totals(gateway->totals(), flags.account_file + ".engine");
    write_account(functions.account(), flags.account_file);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("An embedded workflow engine and an embedded AWS Lambda, on loopback.");
  program.require_subcommand(1);
  serve_flags flags;
  add_serve(program, flags);
  sandbox::demo::demo_options demo;
  add_demo(program, demo);
  sandbox::engine::options engine;
  std::string events_file;
  add_engine(program, engine, events_file);
  sandbox::site::options site;
  add_site(program, site);
  CLI11_PARSE(program, argc, argv);
  try {
    if (program.got_subcommand("engine")) {
      sandbox::control::control(STDIN_FILENO, STDOUT_FILENO, events_file).run(std::move(engine));
      return 0;
    }
    if (program.got_subcommand("site")) {
      sandbox::site::site all(site);
      sandbox::site::steer(all);
      return 0;
    }
    if (program.got_subcommand("demo")) return sandbox::demo::run(demo, block_end_signals());
    return serve(flags);
  } catch (const std::exception& failed) {
    std::cerr << "lambda-sandbox: " << failed.what() << std::endl;
    return 1;
  }
}
