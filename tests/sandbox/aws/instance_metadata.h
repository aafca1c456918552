// A stand-in for the instance metadata service of EC2, version 2, and version 1 when it is told to.
// Each step counts and can be made to fail on its own. Any thread.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "tests/sandbox/aws/http_stand_in.h"
#include "tests/sandbox/aws/metadata_answer.h"

namespace sandbox {

class instance_metadata {
 public:
  enum class step { token, role, keys };

  explicit instance_metadata(bool ipv6 = false);

  [[nodiscard]] const http_stand_in& server() const { return server_; }

  void set_keys(metadata_keys keys);
  void set_role(std::string body);  // what the list of roles says
  void set_code(std::string code);  // of the answer with the keys; "Success" at first
  void set_token(std::string token, std::string life = "21600");  // of the answers from now on
  void revoke_tokens();    // those given so far are answered with 401
  void allow_version_1();  // requests without a token are answered
  // For the next `times` requests of that step.
  void set_fault(step where, metadata_fault fault, int times = 1'000'000);

  std::atomic<int> token_requests = 0;
  std::atomic<int> role_requests = 0;
  std::atomic<int> key_requests = 0;
  std::atomic<int> unauthorized = 0;  // without a good token
  std::atomic<int> unknown = 0;       // a path or method that the service does not have

 private:
  struct faulty {
    metadata_fault fault = metadata_fault::none;
    int times = 0;
  };

  stand_in_answer answer(const stand_in_request& request);
  stand_in_answer give_token(const stand_in_request& request);
  stand_in_answer give_keys();
  stand_in_answer plain(step where, std::string body);

  std::mutex guard_;  // of what follows, but the server
  metadata_keys keys_;
  std::string role_ = "worker-role";
  std::string code_ = "Success";
  std::string token_ = "sandbox-imds-token";
  std::string life_ = "21600";
  std::set<std::string, std::less<>> good_tokens_;
  bool version_1_ = false;
  int given_ = 0;
  std::map<step, faulty> faults_;
  http_stand_in server_;
};

}  // namespace sandbox
