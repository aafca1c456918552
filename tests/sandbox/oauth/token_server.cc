#include "tests/sandbox/oauth/token_server.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "tests/sandbox/oauth/jwt.h"

namespace sandbox {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return 0;
}

std::string decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::map<std::string, std::string> form_of(const std::string& body) {
  std::map<std::string, std::string> out;
  std::istringstream pairs(body);
  for (std::string pair; std::getline(pairs, pair, '&');) {
    const auto equals = std::min(pair.find('='), pair.size());
    out[decoded(pair.substr(0, equals))] =
        equals < pair.size() ? decoded(pair.substr(equals + 1)) : "";
  }
  return out;
}

stand_in_answer json(int status, std::string body) {
  stand_in_answer out;
  out.status = status;
  out.headers.emplace_back("Content-Type", "application/json");
  out.body = std::move(body);
  return out;
}

stand_in_answer token_json(const std::string& token, const std::string& life,
                           const std::string& type = "Bearer") {
  return json(200, R"({"access_token":")" + token + R"(","expires_in":)" + life +
                       R"(,"token_type":")" + type + R"(","scope":"all"})");
}

stand_in_answer faulty(token_fault fault) {
  stand_in_answer out;
  switch (fault) {
    case token_fault::none:
      break;
    case token_fault::closed:
      out.close = true;
      break;
    case token_fault::error_500:
      out.status = 500;
      out.body = "<html><title>Internal Server Error</title></html>";
      break;
    case token_fault::hang:
      out.hang = true;
      break;
    case token_fault::huge:
      out.filler = 50'000'000;
      break;
    case token_fault::garbage:
      out.body = "<html>sign in</html>";
      break;
    case token_fault::redirect:
      out.status = 302;
      out.headers.emplace_back("Location", "http://127.0.0.1:1/elsewhere");
      break;
    case token_fault::no_token:
      return json(200, R"({"token_type":"Bearer","expires_in":60})");
    case token_fault::blank_token:
      return token_json("two words", "60");
    case token_fault::mac_token:
      return token_json("mac-token", "60", "mac");
    case token_fault::life_zero:
      return token_json("no-life", "0");
    case token_fault::life_negative:
      return token_json("no-life", "-60");
    case token_fault::life_huge:
      return token_json("no-life", "1e308");
  }
  return out;
}

}  // namespace

token_server::token_server(std::uint16_t port) : port_(port) { start(); }

void token_server::start() {
  server_ = std::make_unique<http_stand_in>(
      [this](const stand_in_request& request) { return answer(request); }, false, port_, tls_);
  port_ = server_->port();
}

void token_server::stop() { server_.reset(); }

void token_server::use_tls(stand_in_tls how) {
  stop();
  tls_ = std::move(how);
  start();
}

void token_server::set_life(std::chrono::milliseconds life) {
  const std::lock_guard lock(guard_);
  life_ = life;
}

void token_server::set_client_secrets(std::set<std::string> secrets) {
  const std::lock_guard lock(guard_);
  secrets_ = std::move(secrets);
}

void token_server::set_fault(token_fault fault, int times) {
  const std::lock_guard lock(guard_);
  fault_ = fault;
  faulty_ = times;
}

stand_in_answer token_server::answer(const stand_in_request& request) {
  const std::lock_guard lock(guard_);
  ++asked_;
  form_ = form_of(request.body);
  client_ = request.client;
  if (request.method != "POST" || request.target != path)
    return json(404, R"({"error":"not_found"})");
  if (faulty_ > 0 && fault_ != token_fault::none) {
    --faulty_;
    if (fault_ != token_fault::life_huge) return faulty(fault_);
    auto out = token_for(form_["audience"]);
    const auto at = out.body.find("\"expires_in\":") + 13;
    out.body.replace(at, out.body.find(',', at) - at, "1e308");
    return out;
  }
  if (request.header("Content-Type") != "application/x-www-form-urlencoded" ||
      form_["grant_type"] != "client_credentials") {
    return json(400, R"({"error":"unsupported_grant_type"})");
  }
  if (const auto refused = refusal_of(form_); !refused.empty()) {
    return json(401, R"({"error":"invalid_client","error_description":")" + refused + R"("})");
  }
  return token_for(form_["audience"]);
}

std::string token_server::refusal_of(const std::map<std::string, std::string>& form) {
  const auto at = [&](const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
  };
  if (certificate_.empty()) {
    const bool good = at("client_id") == client_id && secrets_.contains(at("client_secret"));
    return good ? "" : "Invalid client or Invalid client credentials";
  }
  if (at("client_id") != client_id || !at("client_secret").empty() ||
      at("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    return "an assertion is wanted";
  }
  const auto assertion = at("client_assertion");
  auto refused = refusal_of_assertion(assertion, certificate_, client_id, url(),
                                      std::chrono::system_clock::now());
  if (refused.empty() && !assertions_.insert(assertion).second) refused = "it was used before";
  return refused;
}

void token_server::know_certificate(std::string pem) {
  const std::lock_guard lock(guard_);
  certificate_ = std::move(pem);
}

stand_in_answer token_server::token_for(const std::string& audience) {
  ++given_;
  const auto value = "token-" + std::to_string(given_) + ".AbC-_~+/=";
  tokens_.push_back({value, audience, std::chrono::steady_clock::now() + life_});
  const auto seconds = std::chrono::duration<double>(life_).count();
  std::ostringstream life;
  life << seconds;
  return token_json(value, life.str(), "bearer");
}

grpc::Status token_server::authorize(const std::string& authorization) {
  const std::lock_guard lock(guard_);
  const auto refuse = [&](std::string text) {
    ++kept_out_;
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, std::move(text));
  };
  // The words of a real gateway.
  if (authorization.empty()) {
    return refuse("Expected bearer token at header with key [authorization], but found nothing");
  }
  const std::string bearer = "Bearer ";
  if (!authorization.starts_with(bearer) || !knows(authorization.substr(bearer.size()))) {
    return refuse("Failed to parse bearer token, see cause for details");
  }
  ++let_in_;
  return grpc::Status::OK;
}

bool token_server::knows(const std::string& token) const {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                  [&](const auto& one) { return one.value == token; });
  return found != tokens_.end() && found->ends > std::chrono::steady_clock::now() &&
         !revoked_.contains(token) && (audience_.empty() || found->audience == audience_);
}

bool token_server::is_good(const std::string& token) const {
  const std::lock_guard lock(guard_);
  return knows(token);
}

void token_server::revoke_all() {
  const std::lock_guard lock(guard_);
  for (const auto& each : tokens_) revoked_.insert(each.value);
}

void token_server::want_audience(std::string audience) {
  const std::lock_guard lock(guard_);
  audience_ = std::move(audience);
}

std::map<std::string, std::string> token_server::last_form() const {
  const std::lock_guard lock(guard_);
  return form_;
}

std::string token_server::last_client() const {
  const std::lock_guard lock(guard_);
  return client_;
}

std::vector<std::string> token_server::tokens() const {
  const std::lock_guard lock(guard_);
  std::vector<std::string> out;
  for (const auto& each : tokens_) out.push_back(each.value);
  return out;
}

}  // namespace sandbox
