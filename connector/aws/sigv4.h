// Signature Version 4 in the Authorization header: string to sign, signing key, signature, and the
// signer that puts them on a request. The steps are pure. A signer belongs to one thread.
// Source: AWS General Reference, "Create a signed AWS API request".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/clock.h"
#include "connector/base/secret.h"
#include "connector/http/message.h"

namespace connector::aws {

// "20150830T123600Z", UTC; its first eight characters are the date of the scope.
std::string amz_date(wall_clock::time_point at);

// "20150830/us-east-1/lambda/aws4_request".
std::string credential_scope(std::string_view date, std::string_view region,
                             std::string_view service);

std::string string_to_sign(std::string_view amz_date, std::string_view scope,
                           std::string_view canonical_request);

// 32 raw bytes, good for one day, region and service.
secret_string signing_key(const secret_string& secret_access_key, std::string_view date,
                          std::string_view region, std::string_view service);

// 64 hex digits.
std::string signature(const secret_string& signing_key, std::string_view string_to_sign);

class signer {
 public:
  // Adds X-Amz-Date, X-Amz-Content-Sha256, X-Amz-Security-Token (with session credentials) and
  // Authorization, in place of those that are there. All that is signed must be on the request
  // already. The caller reads the clock once, and signs every attempt by itself.
  void sign(http::request& request, const credentials& who, std::string_view region,
            std::string_view service, wall_clock::time_point now);

 private:
  // The secret is part of the name: a wrong secret must not find the key of the right one.
  struct key_name {
    std::string access_key_id;
    secret_string secret_access_key;
    std::string region;
    std::string service;
  };
  // The same, borrowed for a look.
  using key_parts =
      std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
  struct key_order {
    using is_transparent = void;
    static key_parts parts_of(const key_name& name) {
      return {name.access_key_id, name.secret_access_key.reveal(), name.region, name.service};
    }
    static key_parts parts_of(const key_parts& parts) { return parts; }
    bool operator()(const auto& a, const auto& b) const { return parts_of(a) < parts_of(b); }
  };

  const secret_string& key_for(const credentials& who, std::string_view date,
                               std::string_view region, std::string_view service);

  std::string date_;  // of the keys below; they are dropped when it changes
  std::map<key_name, secret_string, key_order> keys_;
};

}  // namespace connector::aws
