#include "connector/allow_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/ascii.h"
#include "connector/base/port.h"
#include "connector/glob.h"

namespace connector {

namespace {

constexpr std::size_t longest_pattern = 2048;
constexpr std::size_t function_arn_parts = 7;  // arn, partition, lambda, region, account, function
constexpr std::size_t account_part = 4;
constexpr std::size_t role_arn_parts = 6;  // arn, partition, iam, (no region), account, role

bool is_name_byte(char c) {
  return ascii::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}

std::vector<std::string> owned(const std::vector<std::string_view>& parts) {
  return {parts.begin(), parts.end()};
}

bool is_ipv6(std::string_view host) { return host.find(':') != std::string_view::npos; }

// A literal IPv6 address is one part; names have one for each label.
std::vector<std::string_view> parts_of_host(std::string_view host) {
  if (is_ipv6(host)) return {host};
  return ascii::split(host, '.');
}

// No `*` stands for a literal IPv6 address, or for a part of it: a pattern of one label that is
// meant for names would allow addresses.
bool matches_host(const std::vector<std::string>& pattern,
                  const std::vector<std::string_view>& host) {
  if (is_ipv6(host.front())) return pattern.size() == 1 && pattern.front() == host.front();
  return glob_parts(pattern, host);
}

std::string wrong_function(std::string_view text) {
  if (text.find('/') != std::string_view::npos) {
    return "function URLs are allowed by ALLOWED_HOSTS, not here";
  }
  if (text.find(':') == std::string_view::npos) {
    return std::all_of(text.begin(), text.end(), is_name_byte)
               ? std::string()
               : "a name holds letters, digits, - and _";
  }
  const auto parts = ascii::split(text, ':');
  const bool whole = parts.size() == function_arn_parts || parts.size() == function_arn_parts + 1;
  if (!whole || parts[0] != "arn" || parts[2] != "lambda" || parts[5] != "function") {
    return "with a : it must be a whole ARN, arn:aws:lambda:<region>:<account>:function:<name>, "
           "where <...> may be *";
  }
  const bool empty =
      std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return part.empty(); });
  return empty ? "no part of an ARN may be empty" : std::string();
}

std::string wrong_role(std::string_view text) {
  const auto parts = ascii::split(text, ':');
  if (parts.size() != role_arn_parts || parts[0] != "arn" || parts[2] != "iam" ||
      !parts[3].empty() || parts[4].empty() || !parts[5].starts_with("role/")) {
    return "it must be the ARN of a role, arn:aws:iam::<account>:role/<name>, where <...> may "
           "hold *";
  }
  return {};
}

// Part by part, and of each part (a role has a path) name by name: no `*` reaches over : or /.
bool matches_role(const std::vector<std::string>& pattern,
                  const std::vector<std::string_view>& arn) {
  return std::equal(pattern.begin(), pattern.end(), arn.begin(), arn.end(),
                    [](std::string_view wanted, std::string_view part) {
                      return glob_parts(owned(ascii::split(wanted, '/')), ascii::split(part, '/'));
                    });
}

// With the qualifier, which a pattern may leave out.
std::vector<std::string_view> arn_parts_of(const guarded_function& function) {
  return {"arn",
          function.partition,
          "lambda",
          function.region,
          function.account,
          "function",
          function.name,
          function.qualifier.empty() ? std::string_view("$LATEST") : function.qualifier};
}

}  // namespace

std::variant<allow_list, std::string> allow_list::make(about topic, std::string called,
                                                       const std::vector<std::string>& patterns) {
  allow_list made(topic, std::move(called));
  made.texts_ = patterns;
  for (const auto& text : patterns) {
    if (auto wrong = made.add(text); !wrong.empty()) {
      return fmt::format("patterns that make sense; '{}' is not one: {}", text.substr(0, 200),
                         wrong);
    }
  }
  return made;
}

std::string allow_list::add(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
  if (text.empty() || text.size() > longest_pattern ||
      std::any_of(text.begin(), text.end(), blank)) {
    return "it must have 1 to 2048 characters, none of them a blank";
  }
  if (topic_ == about::hosts) return add_host(text);
  std::string wrong;
  if (topic_ == about::functions) wrong = wrong_function(text);
  if (topic_ == about::roles) wrong = wrong_role(text);
  pattern one;
  one.parts = topic_ == about::names ? std::vector<std::string>{std::string(text)}
                                     : owned(ascii::split(text, ':'));
  patterns_.push_back(std::move(one));
  return wrong;
}

std::string allow_list::add_host(std::string_view text) {
  constexpr std::string_view shape = "a host is written [http://]name[:port], without a path";
  pattern one;
  if (text.starts_with("http://")) one.tls = false;
  if (const auto at = text.find("://"); at != std::string_view::npos) {
    if (one.tls && !text.starts_with("https://")) return "the scheme must be https or http";
    text.remove_prefix(at + 3);
  }
  one.port = one.tls ? 443 : 80;
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with("[")) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::string(shape);
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && !port.starts_with(":")) return std::string(shape);
    if (host.find(':') == std::string_view::npos || host.find('*') != std::string_view::npos) {
      return "in brackets stands an IPv6 address";
    }
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!port.empty()) {
    port.remove_prefix(1);
    const auto number = port_of(port);
    if (!number && port != "*") return "the port must be 1 to 65535, or *";
    one.port = number.value_or(0);
  }
  const auto good = [](char c) { return is_name_byte(c) || c == ':'; };
  if (host.empty() || !std::all_of(host.begin(), host.end(), good)) return std::string(shape);
  if (host.ends_with(".")) host.remove_suffix(1);
  one.parts = owned(parts_of_host(ascii::lower(host)));
  const auto empty = [](const std::string& part) { return part.empty(); };
  if (std::any_of(one.parts.begin(), one.parts.end(), empty)) return std::string(shape);
  if (one.parts.size() == 1 && one.parts[0].find_first_not_of('*') == std::string::npos) {
    return "* stands for a part between two dots, not for every host";
  }
  patterns_.push_back(std::move(one));
  return {};
}

bool allow_list::allows(const guarded_function& function) const {
  std::vector<std::string_view> asked = {function.name};
  if (!function.account.empty()) asked = arn_parts_of(function);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const pattern& one) {
    // A pattern that says nothing of the qualifier allows every one of them.
    auto parts = asked;
    if (parts.size() > 1 && one.parts.size() == function_arn_parts) parts.pop_back();
    return glob_parts(one.parts, parts);
  });
}

bool allow_list::may_mean(const guarded_function& function) const {
  const auto arn = arn_parts_of(function);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const pattern& one) {
    if (one.parts.size() == 1) return glob(one.parts.front(), function.name);
    for (std::size_t i = 0; i < one.parts.size(); ++i) {
      const bool not_known = i == account_part && function.account.empty();
      if (!not_known && !glob(one.parts[i], arn[i])) return false;
    }
    return true;
  });
}

bool allow_list::allows(const guarded_host& host) const {
  std::string name = ascii::lower(host.host);
  if (name.ends_with(".")) name.pop_back();
  const auto parts = parts_of_host(name);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const pattern& one) {
    return one.tls == host.tls && (one.port == 0 || one.port == host.port) &&
           matches_host(one.parts, parts);
  });
}

bool allow_list::allows_role(std::string_view arn) const {
  const auto parts = ascii::split(arn, ':');
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const pattern& one) { return matches_role(one.parts, parts); });
}

bool allow_list::allows_name(std::string_view name) const {
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const pattern& one) { return glob(one.parts.front(), name); });
}

std::vector<guarded_host> allow_list::exact_hosts() const {
  std::vector<guarded_host> found;
  for (const auto& one : patterns_) {
    guarded_host host{one.tls, {}, one.port};
    for (const auto& part : one.parts) host.host += (host.host.empty() ? "" : ".") + part;
    if (host.host.find('*') == std::string::npos) found.push_back(std::move(host));
  }
  return found;
}

std::vector<std::string> allow_list::exact_names() const {
  std::vector<std::string> found;
  for (const auto& one : patterns_) {
    if (one.parts.front().find('*') == std::string::npos) found.push_back(one.parts.front());
  }
  return found;
}

}  // namespace connector
