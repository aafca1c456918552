#include <fmt/format.h>

#include <utility>

#include "connector/base/json.h"
#include "connector/base/json_writer.h"
#include "connector/base/percent.h"
#include "connector/lambda/functions/api_call.h"
#include "connector/lambda/invoke/invoke_payload.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

class send_callback_call final : public operation_call {
 public:
  result<reading> read(http::response from) override {
    answer out;
    out.variables.push_back({"sent", "true"});
    if (const auto id = aws::request_id_of(from); !id.empty()) {
      out.details.push_back({"requestId", json::quote(id)});
    }
    return reading(std::move(out));
  }
};

// The last segment of the path, and the body that goes with it.
struct callback_message {
  std::string_view verb;
  std::string body;
};

callback_message read_message(input_reader& in) {
  const auto word = in.text("callback");
  const auto type = in.text("errorType");
  const auto text = in.text("errorMessage");
  const auto data = in.text("errorData");
  if (word == "failure") {
    if (in.has("payload")) {
      in.add_error(field_error("payload", "a failure has errorType, errorMessage and errorData"));
    }
    json::object_writer body;
    if (!type.empty()) body.string("ErrorType", type);
    if (!text.empty()) body.string("ErrorMessage", text);
    if (!data.empty()) body.string("ErrorData", data);
    return {"fail", body.take()};
  }
  if (!type.empty() || !text.empty() || !data.empty()) {
    in.add_error(field_error("errorType", "only callback=failure has an error"));
  }
  if (word == "heartbeat") {
    if (in.has("payload")) in.add_error(field_error("payload", "a heartbeat carries nothing"));
    return {"heartbeat", {}};
  }
  auto payload = in.take("payload");
  if (!payload) return {"succeed", {}};
  auto body = payload_body(*std::move(payload), payload_format::automatic);
  if (body) return {"succeed", *std::move(body)};
  in.add_error(body.error());
  return {"succeed", {}};
}

}  // namespace

result<std::unique_ptr<operation_call>> prepare_send_callback(std::vector<input_value> inputs,
                                                              const call& asked,
                                                              const settings& how) {
  input_reader in(spec_of(operation_id::send_callback), std::move(inputs));
  auto frame = read_frame(in, default_api_timeout);
  const auto id = in.text("callbackId");
  auto message = read_message(in);
  if (frame.who.from == aws::identity::kind::none) in.add_error(unsigned_api_call());
  if (in.first_error()) return *in.first_error();
  auto made = std::make_unique<send_callback_call>();
  made->operation = operation_id::send_callback;
  if (message.verb == "heartbeat") made->effect = side_effect::none;
  auto where = resolve_target(*made, std::move(frame), {}, asked, how);
  if (!where) return where.error();
  made->request = api_request("POST", *where,
                              fmt::format("{}/2025-12-01/durable-execution-callbacks/{}/{}",
                                          where->base_path, percent_encode(id), message.verb),
                              how);
  made->request.body = std::move(message.body);
  if (!made->request.body.empty()) {
    made->request.fields.emplace_back("Content-Type", "application/json");
  }
  return std::unique_ptr<operation_call>(std::move(made));
}

}  // namespace connector::lambda
