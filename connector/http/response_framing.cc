#include "connector/http/response_framing.h"

#include <algorithm>

namespace connector::http {

bool is_framing_known(const headers& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
    return !same_name(field.first, "Transfer-Encoding") || same_name(field.second, "chunked") ||
           same_name(field.second, "identity");
  });
}

bool announces_missing_body(const response& got) {
  if (got.status != 204 && got.status != 304) return false;
  return std::any_of(got.fields.begin(), got.fields.end(), [](const auto& field) {
    return same_name(field.first, "Transfer-Encoding") ||
           (same_name(field.first, "Content-Length") && field.second != "0");
  });
}

}  // namespace connector::http
