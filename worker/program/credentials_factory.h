// Makes the worker's credentials from its settings: the default chain, STS, the operator's role on
// top, and the profiles of the configuration. All `dependencies` must outlive this. Made at start;
// loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connector/aws/credentials/caching_provider.h"
#include "connector/aws/credentials/default_chain.h"
#include "connector/aws/service_endpoint.h"
#include "connector/http/client.h"
#include "worker/config/settings.h"
#include "worker/secrets/resolver.h"

namespace worker::program {

class credentials_factory {
 public:
  struct dependencies {
    const config::aws_settings& aws;  // as with_shared_files completed them
    std::vector<config::credential_profile> profiles;
    const connector::aws::endpoint_choices& endpoints;
    connector::aws::shared_files& files;
    connector::http::client& calls;  // STS is asked through it
    const secrets::resolver& secrets;
    secrets::redaction_registry& redaction;  // learns the values of profiles
    std::string user_agent;
    std::string session_name;  // of roles that have none
    // Variables that programs of profiles do not inherit, besides those of AWS.
    connector::aws::hidden_variables hidden{};
  };

  // Throws std::runtime_error when a setting cannot be used.
  credentials_factory(boost::asio::any_io_executor loop, dependencies deps);
  ~credentials_factory();
  credentials_factory(const credentials_factory&) = delete;
  credentials_factory& operator=(const credentials_factory&) = delete;

  connector::aws::credentials_provider& provider() { return *identities_; }

  // Calls under way keep the keys that they asked for. Throws as the constructor; then the profiles
  // before count no more, and some of the new ones do not either.
  void replace_profiles(std::vector<config::credential_profile> profiles);

  // At the end: ends fetches under way and closes idle connections.
  void stop();

 private:
  std::unique_ptr<connector::aws::credentials_source> source_of(
      const config::credential_profile& profile);
  void add_profile(const config::credential_profile& profile);
  std::unique_ptr<connector::aws::credentials_source> own_source();

  dependencies deps_;
  connector::aws::source_dependencies tools_;
  std::unique_ptr<connector::http::client> metadata_;
  std::unique_ptr<connector::aws::sts> sts_;
  // Of profiles of the configuration that name one of the shared files, by the names of both. They
  // stay when the profiles are replaced: a fetch of the ones before may be under way.
  std::map<std::pair<std::string, std::string>, std::unique_ptr<connector::aws::shared_files>>
      other_files_;
  std::unique_ptr<connector::aws::caching_provider> identities_;
};

}  // namespace worker::program
