// A stand-in for STS on the loopback, plain HTTP: AssumeRole with every signature verified, and
// AssumeRoleWithWebIdentity; GetCallerIdentity for the keys that sign. Keys that it gave are good
// for the next AssumeRole too, until they expire. Counts, and can be made to fail. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/sandbox/aws/http_stand_in.h"
#include "tests/sandbox/lambda/access_key.h"
#include "tests/sandbox/lambda/signature.h"

namespace sandbox {

struct sts_call {
  std::string action;
  std::map<std::string, std::string> fields;  // of the body, decoded
  std::string access_key_id;                  // that signed it; empty: it was not signed
  bool answered = false;                      // with keys
};

struct sts_fault {
  int status = 500;
  std::string code;  // empty: no XML, the body is `message`
  std::string message;
  int times = 1;
  std::chrono::milliseconds delay{0};
  bool hang = false;
};

class sts {
 public:
  explicit sts(std::string region = "us-east-1", std::vector<access_key> keys = {access_key{}},
               std::uint16_t port = 0);

  [[nodiscard]] std::string url() const { return server_.url(); }

  // Keys that AssumeRole may be signed with, beside those that were given here.
  void set_keys(std::vector<access_key> keys);
  // What the keys from now on live; zero: what the request asks for, or an hour.
  void set_life(std::chrono::seconds life);
  // AssumeRole of that role must bring this external id.
  void require_external_id(const std::string& role_arn, std::string external_id);
  // AssumeRoleWithWebIdentity takes this token alone.
  void set_web_token(std::string token);
  // The next answers, in the order in which they are set.
  void fail(sts_fault fault);
  // It is well again; answers that hang do so until the end.
  void forget_faults();
  // What its clock shows more than this machine's; answers carry it as Date.
  void set_clock(std::chrono::seconds ahead);
  // Answers wait so long.
  void set_delay(std::chrono::milliseconds delay);
  // Called with all keys that are good, whenever there are new ones; by the server's thread.
  void on_new_keys(std::function<void(std::vector<access_key>)> tell);

  [[nodiscard]] std::vector<sts_call> calls() const;
  [[nodiscard]] std::size_t count() const { return calls().size(); }
  // Those of GetCallerIdentity are no calls for a role and stand here alone.
  [[nodiscard]] std::size_t callers_asked() const;

 private:
  stand_in_answer answer(const stand_in_request& request);
  stand_in_answer decide(const stand_in_request& request, sts_call& call);
  stand_in_answer give(const sts_call& call);
  static stand_in_answer name_caller(const sts_call& call);
  void share_keys();

  mutable std::mutex guard_;  // of all below, but the server
  std::vector<access_key> keys_;
  std::vector<access_key> given_;
  std::chrono::seconds life_{0};
  std::chrono::milliseconds delay_{0};
  std::chrono::seconds ahead_{0};
  std::map<std::string, std::string> external_ids_;
  std::string web_token_ = "sandbox-web-identity-token";
  std::vector<sts_fault> faults_;
  std::vector<sts_call> calls_;
  std::size_t callers_asked_ = 0;
  std::function<void(std::vector<access_key>)> tell_;
  signature_verifier verifier_;
  http_stand_in server_;
};

}  // namespace sandbox
