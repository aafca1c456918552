// When a token is renewed, and until when it is used. Pure.
#pragma once

#include "connector/oauth/access_token.h"

namespace connector::oauth {

struct token_plan {
  boot_clock::time_point renew_from;  // four fifths of its life are over
  boot_clock::time_point use_until;   // from here on it may be refused when the call arrives
};

token_plan plan_of(const access_token& token);

enum class token_step {
  use,            // the token is good
  use_and_renew,  // it is good for now, and the next one is due
  wait,           // it is good no more
};

token_step step_at(const token_plan& plan, boot_clock::time_point now);

}  // namespace connector::oauth
