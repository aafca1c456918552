#include "tests/sandbox/engine/rejections.h"

#include <initializer_list>

namespace sandbox::engine {
namespace {

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (std::string_view part : parts) out += part;
  return out;
}

}  // namespace

grpc::Status unreadable(const document& doc) {
  if (doc.problem.empty()) return grpc::Status::OK;
  const auto code =
      doc.name_too_long ? grpc::StatusCode::INTERNAL : grpc::StatusCode::INVALID_ARGUMENT;
  return {code, doc.problem};
}

grpc::Status rejected(grpc::StatusCode code, std::string_view intent, std::string_view type,
                      std::string_view reason) {
  return {code, join({"Command '", intent, "' rejected with code '", type, "': ", reason})};
}

grpc::Status job_not_found(std::string_view intent, std::string_view verb, std::int64_t key) {
  return rejected(grpc::StatusCode::NOT_FOUND, intent, "NOT_FOUND",
                  join({"Expected to ", verb, " job with key '", std::to_string(key),
                        "', but no such job was found"}));
}

grpc::Status job_in_state(std::string_view intent, std::string_view verb, std::int64_t key,
                          std::string_view state) {
  return rejected(grpc::StatusCode::FAILED_PRECONDITION, intent, "INVALID_STATE",
                  join({"Expected to ", verb, " job with key '", std::to_string(key),
                        "', but it is in state '", state, "'"}));
}

grpc::Status job_not_active(std::int64_t key) {
  return rejected(grpc::StatusCode::FAILED_PRECONDITION, "UPDATE_TIMEOUT", "INVALID_STATE",
                  join({"Expected to update the timeout of job with key '", std::to_string(key),
                        "', but it is not active"}));
}

grpc::Status job_of_another_lease(std::string_view intent, std::string_view verb, std::int64_t key,
                                  bool no_token) {
  return rejected(grpc::StatusCode::FAILED_PRECONDITION, intent, "INVALID_STATE",
                  join({"Expected to ", verb, " job with key '", std::to_string(key), "', but ",
                        no_token ? "its lease token must be provided"
                                 : "the provided lease token does not match"}));
}

grpc::Status variables_of_task_listener(std::int64_t key) {
  return rejected(grpc::StatusCode::INVALID_ARGUMENT, "COMPLETE", "INVALID_ARGUMENT",
                  join({"Expected to complete task listener job with key '", std::to_string(key),
                        "', but variables are not supported"}));
}

grpc::Status error_of_listener(std::int64_t key) {
  return rejected(grpc::StatusCode::FAILED_PRECONDITION, "THROW_ERROR", "INVALID_STATE",
                  join({"Expected to throw an error for job with key '", std::to_string(key),
                        "', but a listener's job throws none"}));
}

grpc::Status record_too_large(std::string_view intent) {
  return rejected(grpc::StatusCode::UNKNOWN, intent, "EXCEEDED_BATCH_RECORD_SIZE", "");
}

grpc::Status no_such_partition(std::int64_t partition) {
  return {grpc::StatusCode::UNAVAILABLE,
          join({"Expected to execute command on partition ", std::to_string(partition),
                ", but either it does not exist, or the gateway is not yet aware of it"})};
}

grpc::Status request_limit_exhausted(std::int64_t partition) {
  return {grpc::StatusCode::RESOURCE_EXHAUSTED,
          join({"Failed to write client request to partition '", std::to_string(partition),
                "', because the request limit is exhausted."})};
}

grpc::Status jobs_exhausted(const std::string& type) {
  return {grpc::StatusCode::RESOURCE_EXHAUSTED,
          join({"Expected to activate jobs of type '", type,
                "', but no jobs available and at least one broker returned 'RESOURCE_EXHAUSTED'. "
                "Please try again later."})};
}

grpc::Status timed_out(std::int64_t seconds) {
  return {grpc::StatusCode::DEADLINE_EXCEEDED,
          join({"Time out between gateway and broker: Request timed out after PT",
                std::to_string(seconds), "S"})};
}

grpc::Status size_of_request(std::size_t bytes, std::size_t max_message_size) {
  constexpr std::size_t envelope = 1024;  // what the gateway adds on the way to the broker
  if (bytes > max_message_size) {
    return {grpc::StatusCode::RESOURCE_EXHAUSTED,
            join({"gRPC message exceeds maximum size ", std::to_string(max_message_size), ": ",
                  std::to_string(bytes)})};
  }
  if (bytes + envelope > max_message_size) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "Request size is above configured maxMessageSize."};
  }
  return grpc::Status::OK;
}

std::string cut_message(const std::string& text) {
  constexpr std::size_t limit = 10000;
  std::size_t units = 0;  // UTF-16, as the broker counts
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0) == 0x80) continue;
    units += byte >= 0xF0 ? 2 : 1;
    if (units > limit) return text.substr(0, at) + "...";
  }
  return text;
}

}  // namespace sandbox::engine
