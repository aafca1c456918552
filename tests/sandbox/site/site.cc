#include "tests/sandbox/site/site.h"

namespace sandbox::site {

namespace {

lambda_options lambda_of(const options& o) {
  lambda_options out;
  out.port = o.lambda_port;
  out.ca_file = o.folder / "lambda-ca.pem";
  out.record = false;
  return out;
}

engine::options engine_of(const options& o, token_server& tokens) {
  engine::options out;
  out.port = o.engine_port;
  out.certificate_file = (o.folder / "gateway.pem").string();
  out.private_key_file = (o.folder / "gateway.key").string();
  out.client_roots_file = (o.folder / "clients-ca.pem").string();
  out.authorize = [&tokens](const std::string& shown) { return tokens.authorize(shown); };
  return out;
}

}  // namespace

site::site(const options& o)
    : tokens_(o.token_port), functions_(lambda_of(o)), gateway_(engine_of(o, tokens_)) {
  tokens_.want_audience(o.audience);
  functions_.register_function("echo", [this](const invocation& call) {
    const std::lock_guard lock(guard_);
    last_key_ = call.access_key_id;
    return json_answer(call.payload);
  });
}

std::string site::last_key() const {
  const std::lock_guard lock(guard_);
  return last_key_;
}

}  // namespace sandbox::site
