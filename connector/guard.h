// The operator's allow-lists of functions, hosts, roles and profiles for jobs. The worker chooses
// the lists that apply to a job and passes them with the call; the connector checks the call
// against them. Part of the door. Plain values and pure functions; lists are constant, any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connector/base/result.h"

namespace connector {

// A host and port as a request would reach them; IPv6 literals without brackets.
struct guarded_host {
  bool tls = true;
  std::string host;
  std::uint16_t port = 443;

  friend bool operator==(const guarded_host&, const guarded_host&) = default;
};

// A function as a task names it.
struct guarded_function {
  std::string name;       // without its qualifier
  std::string qualifier;  // from the name or beside it; empty: $LATEST
  std::string partition;  // "aws"
  std::string region;
  // With an account the name is (part of) an ARN, and only patterns of ARNs count in a guard.
  // Empty: the name did not say.
  std::string account;
};

class allow_list {
 public:
  // What the patterns match. In all of them `*` matches any run of characters within one part, and
  // every other character matches itself.
  enum class about {
    // Without `:` a pattern matches functions given by plain name, their qualifier taken off. Else
    // it is an ARN of seven parts (or eight: the qualifier too), matched part by part.
    functions,
    // [http:// | https://]host[:port], parts divided by dots. Without scheme it is https, without
    // port the usual one of the scheme; port * is any.
    hosts,
    roles,  // ARNs arn:partition:iam::account:role/path/name, by part, the path name by name
    names,  // of profiles or secrets
  };

  // `called`: how a refusal names the list, such as "ALLOWED_FUNCTIONS". Returns the error of the
  // first invalid pattern instead, as a clause for people.
  static std::variant<allow_list, std::string> make(about what, std::string called,
                                                    const std::vector<std::string>& patterns);

  [[nodiscard]] const std::string& called() const { return called_; }
  // As they were given.
  [[nodiscard]] const std::vector<std::string>& patterns() const { return texts_; }
  [[nodiscard]] bool allows(const guarded_function& function) const;
  // For limits, which err to the other side: whether a pattern may mean this function. A plain name
  // means the function of this name in every account; a function whose account is not known may be
  // that of any ARN.
  [[nodiscard]] bool may_mean(const guarded_function& function) const;
  [[nodiscard]] bool allows(const guarded_host& host) const;
  [[nodiscard]] bool allows_role(std::string_view arn) const;
  [[nodiscard]] bool allows_name(std::string_view name) const;

  // Hosts of patterns without `*`. The operator names these machines, so their addresses may be
  // private.
  [[nodiscard]] std::vector<guarded_host> exact_hosts() const;
  // Names that are written out, without `*`.
  [[nodiscard]] std::vector<std::string> exact_names() const;

 private:
  struct pattern {
    std::vector<std::string> parts;  // one of plain names; of an ARN, or of a host
    bool tls = true;                 // of hosts
    std::uint16_t port = 0;          // of hosts; 0: any
  };

  allow_list(about what, std::string called) : what_(what), called_(std::move(called)) {}
  std::string add(std::string_view text);
  std::string add_host(std::string_view text);

  about what_;
  std::string called_;
  std::vector<pattern> patterns_;
  std::vector<std::string> texts_;
};

// The lists that apply to one job. WARNING: without a list of functions every function is allowed
// (IAM decides); without a list of hosts, roles or profiles every one of them is refused. With
// several lists of one kind each must allow it.
struct guard {
  using lists = std::vector<std::shared_ptr<const allow_list>>;
  lists functions;
  lists hosts;
  lists roles;
  lists profiles;
  // Names of the lists that the operator has for other jobs, for messages.
  struct lists_of_others {
    std::vector<std::string> hosts;
    std::vector<std::string> roles;
    std::vector<std::string> profiles;
  };
  lists_of_others others;
};

// FORBIDDEN, permanent. The message names what was refused, the function that the task calls (may
// be empty), the list that refused it and whom to ask; never the content of the list.
result<void> check_function(const guard& by, const guarded_function& function);
// `what` is what job data gave: "the endpoint", "the function URL".
result<void> check_host(const guard& by, const guarded_host& host, std::string_view what,
                        std::string_view for_function = {});
result<void> check_role(const guard& by, std::string_view arn, std::string_view for_function = {});
result<void> check_profile(const guard& by, std::string_view name,
                           std::string_view for_function = {});

}  // namespace connector
