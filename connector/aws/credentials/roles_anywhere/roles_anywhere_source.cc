#include "connector/aws/credentials/roles_anywhere/roles_anywhere_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "connector/aws/credentials/key_request.h"
#include "connector/aws/credentials/roles_anywhere/roles_anywhere_answer.h"
#include "connector/aws/signed_exchange.h"
#include "connector/base/cancellation.h"
#include "connector/base/small_file.h"
#include "connector/base/timestamp.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

using kind = source_failure::kind;

// A few certificates with long names; beyond it the headers would not be taken anyway.
constexpr std::size_t max_pem = 64 * 1024;

class roles_anywhere_source final : public credentials_source {
 public:
  roles_anywhere_source(source_dependencies deps, roles_anywhere_settings how)
      : deps_(std::move(deps)),
        settings_(std::move(how)),
        exchange_(deps_.client, {deps_.wall_time, deps_.now}),
        name_(fmt::format("IAM Roles Anywhere{}{} ({})", settings_.name.empty() ? "" : ", profile ",
                          settings_.name, settings_.session.role_arn)) {
    if (!settings_.random) settings_.random = system_random();
  }

  asio::awaitable<fetched> fetch(deadline end) override;
  [[nodiscard]] bool changed() const override;
  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  asio::awaitable<found<x509_identity>> identity(deadline end);
  asio::awaitable<found<secret_string>> material(key_material from, std::string noun, deadline end);
  found<std::string> file(const std::string& path, std::string_view noun);
  asio::awaitable<fetched> ask(endpoint where, x509_identity who, deadline end);
  [[nodiscard]] source_failure fail(kind reason, std::string_view why) const {
    return {reason, fmt::format("{}: {}", name_, why)};
  }

  const source_dependencies deps_;
  roles_anywhere_settings settings_;
  signed_exchange exchange_;
  const std::string name_;
  std::map<std::string, file_stamp> read_;  // the files of the last fetch, as they were
};

bool roles_anywhere_source::changed() const {
  return std::any_of(read_.begin(), read_.end(), [](const auto& one) {
    const auto stamp = stamp_of(one.first);
    // A file that is just being replaced is not there for a moment.
    return stamp && *stamp != one.second;
  });
}

found<std::string> roles_anywhere_source::file(const std::string& path, std::string_view noun) {
  auto text = read_small_file(path, max_pem);
  if (text.result != file_text::state::read) {
    // Being replaced, or not mounted yet: both pass.
    const bool large = text.result == file_text::state::too_large;
    return fail(large ? kind::rejected : kind::unavailable,
                fmt::format("the {} {} cannot be read: {}", noun, path, text.reason));
  }
  read_[path] = text.stamp;
  return std::move(text.text);
}

asio::awaitable<found<secret_string>> roles_anywhere_source::material(key_material from,
                                                                      std::string noun,
                                                                      deadline end) {
  if (!from.file.empty()) {
    auto text = file(from.file, noun);
    if (!text) co_return text.error();
    co_return secret_string::take(*text);
  }
  if (!from.ask) co_return secret_string();
  result<secret_string> got = co_await from.ask(end);
  if (!got) co_return fail(kind::unavailable, fmt::format("the {}: {}", noun, got.error().message));
  co_return std::move(*got);
}

asio::awaitable<found<x509_identity>> roles_anywhere_source::identity(deadline end) {
  read_.clear();
  x509_texts texts;
  auto certificates = file(settings_.certificate_file, "certificate");
  if (!certificates) co_return certificates.error();
  texts.certificates = std::move(*certificates);
  if (!settings_.chain_file.empty()) {
    auto chain = file(settings_.chain_file, "chain");
    if (!chain) co_return chain.error();
    texts.more = std::move(*chain);
  }
  found<secret_string> key = co_await material(settings_.private_key, "private key", end);
  if (!key) co_return key.error();
  texts.key = std::move(*key);
  found<secret_string> passphrase = co_await material(settings_.passphrase, "passphrase", end);
  if (!passphrase) co_return passphrase.error();
  texts.passphrase = std::move(*passphrase);
  auto read = x509_identity::read(texts);
  if (!read) {
    co_return fail(kind::rejected,
                   fmt::format("{} ({})", read.error(), settings_.certificate_file));
  }
  const auto now = deps_.wall_time();
  if (read->not_after() <= now) {
    co_return fail(kind::rejected,
                   fmt::format("the certificate {} expired at {}: renew it, or is the clock wrong?",
                               settings_.certificate_file, timestamp_text(read->not_after())));
  }
  if (read->not_before() > now) {
    co_return fail(kind::rejected,
                   fmt::format("the certificate {} is good from {} on: is the clock right?",
                               settings_.certificate_file, timestamp_text(read->not_before())));
  }
  co_return std::move(*read);
}

asio::awaitable<fetched> roles_anywhere_source::fetch(deadline end) {
  if (const auto error = find_error(settings_.session)) co_return fail(kind::rejected, *error);
  const auto where = settings_.endpoint_of(region_of_arn(settings_.session.trust_anchor_arn));
  if (!where) co_return fail(kind::rejected, where.error().message);
  found<x509_identity> who = co_await identity(end);
  if (!who) co_return who.error();
  fetched got = co_await under_quiet_cancellation(ask(*where, std::move(*who), end));
  co_return got;
}

// Quiet cancellation.
asio::awaitable<fetched> roles_anywhere_source::ask(endpoint where, x509_identity who,
                                                    deadline end) {
  bool signs = true;
  const auto sign = [&](http::request& request, wall_clock::time_point at) {
    request = create_session_request(settings_.session, where, who, at, settings_.user_agent);
    return signs = http::find_header(request.fields, "Authorization").has_value();
  };
  http::request request;
  request.to = where.to;
  std::optional<roles_anywhere_outcome> out;
  const auto read = [&](const signed_exchange::reply& heard) {
    if (!signs) {
      out = roles_anywhere_outcome{fail(kind::rejected, "the private key cannot sign"), false};
    } else {
      out = heard.answer ? read_session_answer(*heard.answer, name_)
                         : read_session_failure(heard.answer.error(), name_);
      date_by_our_clock(out->result, heard.ahead);
    }
    return out->again;
  };
  key_request asked{request, sign, settings_.attempts, settings_.random, deps_.now, end};
  co_await ask_for_keys(exchange_, std::move(asked), read);
  co_return std::move(out->result);
}

}  // namespace

std::unique_ptr<credentials_source> make_roles_anywhere_source(source_dependencies deps,
                                                               roles_anywhere_settings how) {
  return std::make_unique<roles_anywhere_source>(std::move(deps), std::move(how));
}

}  // namespace connector::aws
