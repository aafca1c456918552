// The provider of the program: gives the keys of the identity that a task calls as. The worker's
// own keys come from its chain. A role is assumed once for all tasks that give the same parameters,
// and cached (at most `max_identities`, the least recently used are dropped). Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connector/aws/credentials/credentials_cache.h"
#include "connector/aws/credentials/provider.h"
#include "connector/aws/credentials/sts/sts.h"

namespace connector::aws {

struct identity_settings {
  std::size_t max_identities = 1000;
  // `refusal` is set here, by identity. `watch` is called with the worker's own keys and those of
  // profiles.
  refresh_settings refresh;
  key_watch watch_of_tasks;  // of roles that tasks ask for; may be empty
};

class caching_provider final : public credentials_provider {
 public:
  // `own` is the worker's source. `from` outlives this.
  caching_provider(boost::asio::any_io_executor loop, sts& from,
                   std::unique_ptr<credentials_source> own, identity_settings how);
  ~caching_provider() override;

  // What `authentication.type=profile` finds under `name`.
  void add_profile(const std::string& name, std::unique_ptr<credentials_source> source);

  // Also what tasks assumed with them. Who waits for keys of one gets them.
  void forget_profiles();

  // For what is built on top of them: the worker's own, or a profile that was added (else null).
  [[nodiscard]] std::unique_ptr<credentials_source> own_source() const;
  [[nodiscard]] std::unique_ptr<credentials_source> profile_source(const std::string& name) const;

  boost::asio::awaitable<result<credentials>> get(identity who, deadline end) override;
  void expired(const identity& who, const std::string& access_key_id) override;
  void stop() override;
  [[nodiscard]] std::string describe() const override;

  // How many identities are cached, besides the worker's own and the profiles.
  [[nodiscard]] std::size_t size() const { return found_.size(); }

 private:
  using entry = std::pair<std::string, std::shared_ptr<credentials_cache>>;

  std::shared_ptr<credentials_cache> made(std::unique_ptr<credentials_source> source,
                                          failure_class refusal, const key_watch& watch) const;
  result<std::shared_ptr<credentials_cache>> refresher_of(const identity& who);
  result<std::unique_ptr<credentials_source>> base_of(const identity& who) const;
  std::shared_ptr<credentials_cache> find(const std::string& key);
  void keep(const std::string& key, std::shared_ptr<credentials_cache> cache);
  void drop_what_is_over();
  void let_go(const std::shared_ptr<credentials_cache>& cache);

  boost::asio::any_io_executor loop_;
  sts& from_;
  identity_settings settings_;
  std::shared_ptr<credentials_cache> own_;
  std::map<std::string, std::shared_ptr<credentials_cache>> profiles_;
  // That were dropped while a fetch was under way, which stop() has to end.
  std::vector<std::weak_ptr<credentials_cache>> dropped_;
  std::list<entry> recent_;  // the most recently used first
  std::map<std::string, std::list<entry>::iterator> found_;
};

// The cache's key of an identity: a hash, because secret keys are part of it. Equal for equal
// identities only.
std::string identity_key(const identity& who);

}  // namespace connector::aws
