// A stand-in for what gives a container its credentials (the ECS agent, EKS Pod Identity): one path
// on the loopback, perhaps with a token. Counts, and can be made to fail. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "tests/sandbox/aws/http_stand_in.h"
#include "tests/sandbox/aws/metadata_answer.h"

namespace sandbox {

class container_endpoint {
 public:
  // `token`: what Authorization must be, byte for byte; empty: there must be none.
  explicit container_endpoint(std::string token = "", bool ipv6 = false);

  [[nodiscard]] const http_stand_in& server() const { return server_; }
  [[nodiscard]] std::string path() const { return "/v2/credentials/7f3c?of=task"; }

  void set_token(std::string token);
  void set_keys(metadata_keys keys);
  // For the next `times` requests; then it is well again.
  void set_fault(metadata_fault fault, int times = 1'000'000);

  std::atomic<int> requests = 0;
  std::atomic<int> answered = 0;  // with credentials
  std::atomic<int> refused = 0;   // for the token or the path

 private:
  stand_in_answer answer(const stand_in_request& request);

  std::mutex guard_;  // of what follows, but the server
  std::string token_;
  metadata_keys keys_;
  metadata_fault fault_ = metadata_fault::none;
  int faulty_ = 0;
  http_stand_in server_;
};

}  // namespace sandbox
