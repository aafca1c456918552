// A stand-in for IAM Roles Anywhere: CreateSession for one trust anchor, one profile and one role.
// Verifies signature and certificate with code of its own. Counts, and can be made to fail. Any
// thread.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "tests/sandbox/aws/http_stand_in.h"
#include "tests/sandbox/aws/metadata_answer.h"

namespace sandbox {

struct roles_anywhere_options {
  std::string anchor;  // PEM of the authority that is trusted
  std::string region = "eu-central-1";
  std::string trust_anchor_arn =
      "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/5e1d2c3b-0000-4000-8000-1";
  std::string profile_arn =
      "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/6f2e3d4c-0000-4000-8000-2";
  std::string role_arn = "arn:aws:iam::123456789012:role/plant/worker";
  bool takes_session_names = true;
};

class roles_anywhere {
 public:
  explicit roles_anywhere(roles_anywhere_options options);

  [[nodiscard]] const http_stand_in& server() const { return server_; }
  [[nodiscard]] const roles_anywhere_options& options() const { return options_; }

  void set_keys(metadata_keys keys);
  void set_fault(metadata_fault fault, int times = 1'000'000);
  // The next `times` requests are refused like this, whatever they are.
  void set_refusal(int status, std::string name, std::string message, int times = 1'000'000);
  // What its clock shows more than this machine's; answers carry it as Date.
  void set_clock_offset(std::chrono::seconds offset) { clock_offset_ = offset; }

  std::atomic<int> requests = 0;
  std::atomic<int> sessions = 0;        // given
  std::atomic<int> bad_signatures = 0;  // and other things that are wrong with the request itself
  std::atomic<int> untrusted = 0;
  [[nodiscard]] std::string last_problem() const;
  [[nodiscard]] stand_in_request last_request() const;

 private:
  stand_in_answer answer(const stand_in_request& request);
  stand_in_answer answer_to(const stand_in_request& request);
  stand_in_answer session(const stand_in_request& request);

  const roles_anywhere_options options_;
  std::atomic<std::chrono::seconds> clock_offset_{std::chrono::seconds(0)};
  mutable std::mutex guard_;  // of what follows, but the server
  metadata_keys keys_;
  metadata_fault fault_ = metadata_fault::none;
  int faulty_ = 0;
  stand_in_answer refusal_;
  int refused_ = 0;
  std::string last_problem_;
  stand_in_request last_request_;
  http_stand_in server_;
};

}  // namespace sandbox
