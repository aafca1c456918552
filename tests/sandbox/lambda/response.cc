#include "tests/sandbox/lambda/response.h"

#include <ctime>

namespace sandbox {

namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 413:
      return "Request Entity Too Large";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

std::string_view date(std::chrono::system_clock::time_point now) {
  thread_local std::time_t shown = -1;
  thread_local char text[40];
  thread_local std::size_t size = 0;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  if (seconds != shown) {
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    shown = seconds;
  }
  return {text, size};
}

}  // namespace

void append_response(std::string& out, const plan& made, std::chrono::system_clock::time_point now,
                     bool last) {
  const answer& reply = made.reply;
  const bool bodiless = reply.status == 204 || reply.status == 304;
  out += "HTTP/1.1 ";
  out += std::to_string(reply.status);
  out += ' ';
  out += reason(reply.status);
  out += "\r\n";
  append_header(out, "Date", date(now));
  append_header(out, "x-amzn-RequestId", made.request_id);
  append_header(out, "Connection", last ? "close" : "keep-alive");
  if (!bodiless) {
    append_header(out, "Content-Type", reply.content_type);
    append_header(out, "Content-Length", std::to_string(reply.body.size()));
  }
  if (!reply.error_type.empty()) append_header(out, "x-amzn-ErrorType", reply.error_type);
  if (!reply.function_error.empty()) {
    append_header(out, "X-Amz-Function-Error", reply.function_error);
  }
  for (const auto& [name, value] : reply.headers) append_header(out, name, value);
  out += "\r\n";
  if (!bodiless) out += reply.body;
}

}  // namespace sandbox
