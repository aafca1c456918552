#include "connector/oauth/token_request.h"

#include "connector/base/percent.h"

namespace connector::oauth {

namespace {

void add(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form.append(name).append("=").append(percent_encode(value));
}

void add_if_given(std::string& form, std::string_view name, std::string_view value) {
  if (!value.empty()) add(form, name, value);
}

}  // namespace

http::request request_of(const token_request& asked, const client_proof& proof) {
  http::request out;
  out.method = "POST";
  out.to = asked.where.to;
  out.target = asked.where.target;
  out.fields = {{"Content-Type", "application/x-www-form-urlencoded"},
                {"Accept", "application/json"},
                {"User-Agent", asked.user_agent}};
  add(out.body, "client_id", asked.client_id);
  if (!proof.assertion.empty()) {
    add(out.body, "client_assertion_type",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    add(out.body, "client_assertion", proof.assertion.reveal());
  } else {
    add(out.body, "client_secret", proof.secret.reveal());
  }
  add_if_given(out.body, "audience", asked.audience);
  add(out.body, "grant_type", "client_credentials");
  add_if_given(out.body, "scope", asked.scope);
  add_if_given(out.body, "resource", asked.resource);
  return out;
}

std::string shown(const http::url& where) {
  return http::shown(where.to) + where.target.substr(0, where.target.find('?'));
}

}  // namespace connector::oauth
