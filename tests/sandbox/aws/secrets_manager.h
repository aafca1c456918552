// A stand-in for AWS Secrets Manager on the loopback, plain HTTP: GetSecretValue, every signature
// verified. Counts, and can be made to fail. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/sandbox/aws/http_stand_in.h"
#include "tests/sandbox/lambda/access_key.h"
#include "tests/sandbox/lambda/signature.h"

namespace sandbox {

class secrets_manager {
 public:
  explicit secrets_manager(std::string region = "us-east-1",
                           std::vector<access_key> keys = {access_key{}}, std::uint16_t port = 0);

  [[nodiscard]] std::string url() const { return server_.url(); }

  // `name` as requests give it; the text of SecretString.
  void put(const std::string& name, std::string text);
  // What its clock shows more than this machine's; answers carry it as Date.
  void set_clock(std::chrono::seconds ahead);
  // All answers from now on; status 0: as usual again.
  void fail(int status, std::string code);
  // GetSecretValue with a good signature, whatever the answer.
  [[nodiscard]] std::size_t count() const;

 private:
  stand_in_answer answer(const stand_in_request& request);
  stand_in_answer answer_to(const stand_in_request& request);

  mutable std::mutex guard_;  // of all below, but the server
  std::map<std::string, std::string> secrets_;
  int status_ = 0;
  std::string code_;
  std::size_t count_ = 0;
  std::chrono::seconds ahead_{0};
  signature_verifier verifier_;
  http_stand_in server_;
};

}  // namespace sandbox
