#include "connector/http/response_framing.h"

#include <algorithm>

namespace connector::http {

bool is_framing_known(const headers& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
    return !same_name(field.first, "Transfer-Encoding") || same_name(field.second, "chunked") ||
           same_name(field.second, "identity");
  });
}

}  // namespace connector::http
