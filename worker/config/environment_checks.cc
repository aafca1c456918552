#include "worker/config/environment_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "worker/config/foreign_variables.h"
#include "worker/config/settings_table.h"
#include "worker/config/variable_names.h"

namespace worker::config {

namespace {

using kind = foreign_variable::kind;

constexpr std::string_view own_prefix = "LAMBDA_CONNECTOR_";
constexpr std::string_view endpoint_prefix = "AWS_ENDPOINT_URL_";
// Services have short names (S3, SQS, KMS): each is near to STS.
constexpr std::size_t longest_short_service = 4;

class environment_reader {
 public:
  environment_reader(const sources& from, loaded& into) : from_(from), into_(into) {
    for (const auto& spec : settings_table()) {
      for (const auto name : variables_of(spec)) {
        known_.insert(std::string(name));
        if (is_spring_name(name)) relaxed_.insert(relaxed_name(name));
        candidates_.push_back(name);
      }
    }
    for (const auto& each : foreign_variables()) {
      if (each.meaning == kind::aws) candidates_.push_back(each.name);
    }
  }

  void run() {
    for (const auto& [name, value] : from_.environment) {
      if (value.empty() || is_of_a_service(name, value) || is_of_our_service(name)) continue;
      const auto plain = without_file(name);
      if (is_known(name) || is_known(plain)) continue;
      const auto* foreign = find_foreign(name);
      if (foreign == nullptr) foreign = find_foreign(plain);
      if (foreign != nullptr) {
        say(*foreign, name, value);
      } else {
        look_for_misspelt(name, plain);
      }
    }
  }

 private:
  static std::string without_file(const std::string& name) {
    constexpr std::string_view end = "_FILE";
    return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : name;
  }

  // The one for a service named lambda-connector: no setting may be called like it.
  static bool is_of_our_service(std::string_view name) {
    if (!name.starts_with(own_prefix)) return false;
    name.remove_prefix(own_prefix.size());
    return name.starts_with("SERVICE_") || name == "PORT" || name.starts_with("PORT_");
  }

  [[nodiscard]] bool is_known(const std::string& name) const {
    return known_.contains(name) || (is_spring_name(name) && relaxed_.contains(relaxed_name(name)));
  }

  [[nodiscard]] bool asks_the_default() const {
    return std::any_of(into_.values.shown.begin(), into_.values.shown.end(), [](const auto& each) {
      return each.key == "gateway.address" && each.source == "default";
    });
  }

  void say(const foreign_variable& what, const std::string& name, const std::string& value) {
    switch (what.meaning) {
      case kind::login:
        // Going on without would mean to call a gateway as nobody and be refused on every call.
        into_.mistakes.push_back(
            {"", name,
             "this version cannot log in at the gateway (OAuth, basic authentication). Take the "
             "variable away and use a gateway that asks for no login."});
        return;
      case kind::address:
        // Beside an address that counts it says nothing new.
        if (!asks_the_default() || value == "self-managed" || value == "simple") return;
        into_.warnings.push_back(
            fmt::format("{} is not read here, and no other address of the gateway is set, so {} is "
                        "asked, the default: set {}.",
                        name, into_.values.gateway.address, what.instead));
        return;
      case kind::idle:
        into_.warnings.push_back(
            what.instead.empty() ? fmt::format("{} means nothing here and is not used.", name)
                                 : fmt::format("{} is not read here: set {}.", name, what.instead));
        return;
      case kind::aws:
      case kind::quiet:
        return;
    }
  }

  void look_for_misspelt(const std::string& name, const std::string& plain) {
    const bool ours = name.starts_with(own_prefix);
    if (!ours && plain.starts_with(endpoint_prefix) &&
        plain.size() <= endpoint_prefix.size() + longest_short_service) {
      return;
    }
    auto near = near_variable(plain, candidates_);
    if (!near && ours) near = connector::nearest(plain, candidates_);
    // Below these names everything is for a client of the engine, which this is.
    if (!near && !ours && !is_spring_name(name)) return;
    into_.warnings.push_back(
        fmt::format("{} is no setting and is not used{}", name,
                    near ? fmt::format(": did you mean {}?", *near) : std::string(".")));
  }

  const sources& from_;
  loaded& into_;
  std::set<std::string, std::less<>> known_;
  std::set<std::string, std::less<>> relaxed_;
  std::vector<std::string_view> candidates_;
};

}  // namespace

void check_environment(const sources& from, loaded& into) { environment_reader(from, into).run(); }

}  // namespace worker::config
