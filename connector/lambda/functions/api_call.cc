#include "connector/lambda/functions/api_call.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/percent.h"

namespace connector::lambda {

error not_that_answer(std::string_view why) {
  error e;
  e.code = error_code::service_error;
  e.message = fmt::format(
      "the answer is not one that Lambda gives: {}. Check that the endpoint is Lambda", why);
  return e;
}

error unsigned_api_call() {
  return field_error(
      "authentication.type",
      "none is for function URLs: calls of the API are always signed; take another type");
}

http::request api_request(std::string method, const aws::endpoint& where, std::string target,
                          const settings& how) {
  http::request out;
  out.method = std::move(method);
  out.to = where.to;
  out.target = std::move(target);
  out.fields = {{"User-Agent", how.user_agent}, {"Accept-Encoding", "identity"}};
  return out;
}

result<void> aim_at_function(operation_call& made, std::string method,
                             std::vector<input_value> inputs, const call& asked,
                             const settings& how) {
  input_reader in(spec_of(made.operation), std::move(inputs));
  auto frame = read_frame(in, default_api_timeout);
  auto function = read_function(in, in.text("functionName"), frame);
  if (in.first_error()) return *in.first_error();
  made.function = function.text;
  auto where = resolve_function(made, std::move(frame), function, asked, how);
  if (!where) return where.error();
  auto target = function_path(*where, function.text);
  if (!function.qualifier.empty()) target += "?Qualifier=" + percent_encode(function.qualifier);
  made.request = api_request(std::move(method), *where, std::move(target), how);
  return {};
}

}  // namespace connector::lambda
