#include "connector/lambda/invoke/answer_payload.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "connector/base/base64.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"

namespace connector::lambda {

result<answer_payload> read_answer_payload(std::string body) {
  if (body.empty()) return answer_payload{"null"};
  json::limits any;
  any.depth = std::numeric_limits<std::size_t>::max();
  // JSON behind a mark is that JSON; a text keeps what it begins with.
  if (const auto text = without_mark(body); text.size() < body.size() && !json::check(text, any)) {
    body.erase(0, byte_order_mark.size());
  }
  json::limits engine;
  engine.integers_fit = true;
  const auto problem = json::check(body, engine);
  if (!problem) return answer_payload{std::move(body)};
  if (!json::check(body, any)) {
    error e;
    e.code = error_code::response_refused;
    e.message = fmt::format(
        "the engine would not take the function's answer: {} at byte {} of {}. The function ran; "
        "change what it returns, or let it return such a value as a string",
        problem->reason, problem->offset, body.size());
    return e;
  }
  if (is_utf8(body)) return answer_payload{json::quote(body)};
  return answer_payload{json::quote(base64_encode(body)), true};
}

}  // namespace connector::lambda
