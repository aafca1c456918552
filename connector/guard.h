// What an operator lets jobs do: allow-lists of functions, hosts, roles and profiles, handed in
// with each call. Part of the door: the worker picks the lists that fit a job, the connector asks
// them. Plain values and pure functions; lists are shared and constant, any thread.
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
  // With an account the name is (part of) an ARN, and only patterns of ARNs count. Then all three
  // are set.
  std::string partition;  // "aws"
  std::string region;
  std::string account;
};

class allow_list {
 public:
  // What the patterns are about. In all of them `*` stands for any run of characters within one
  // part, and everything else for itself.
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

  // `called` is how a refusal names the list: "ALLOWED_FUNCTIONS". Gives what is wrong with the
  // first pattern that makes no sense, as "one that ..." for people.
  static std::variant<allow_list, std::string> make(about what, std::string called,
                                                    const std::vector<std::string>& patterns);

  [[nodiscard]] const std::string& called() const { return called_; }
  [[nodiscard]] bool allows(const guarded_function& function) const;
  [[nodiscard]] bool allows(const guarded_host& host) const;
  [[nodiscard]] bool allows_role(std::string_view arn) const;
  [[nodiscard]] bool allows_name(std::string_view name) const;

  // Hosts that are written out, without `*`: the operator means these very machines, so that their
  // addresses may be private.
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
};

// The lists that fit one job. Every list there must allow what is asked for. Without any list
// functions are free (IAM decides), everything else is refused.
struct guard {
  using lists = std::vector<std::shared_ptr<const allow_list>>;
  lists functions;
  lists hosts;
  lists roles;
  lists profiles;
};

// FORBIDDEN for good, with the list's name and never its content.
result<void> check_function(const guard& by, const guarded_function& function);
// `what` is what job data gave: "the endpoint", "the function URL".
result<void> check_host(const guard& by, const guarded_host& host, std::string_view what);
result<void> check_role(const guard& by, std::string_view arn);
result<void> check_profile(const guard& by, std::string_view name);

}  // namespace connector
