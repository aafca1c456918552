// One allow-list of the operator: patterns of functions, hosts, roles or names. Part of the door.
// Plain values and pure functions; a list is constant, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

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
  static std::variant<allow_list, std::string> make(about topic, std::string called,
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

  allow_list(about topic, std::string called) : topic_(topic), called_(std::move(called)) {}
  std::string add(std::string_view text);
  std::string add_host(std::string_view text);

  about topic_;
  std::string called_;
  std::vector<pattern> patterns_;
  std::vector<std::string> texts_;
};

}  // namespace connector
