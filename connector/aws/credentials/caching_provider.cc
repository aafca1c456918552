#include "connector/aws/credentials/caching_provider.h"

#include <fmt/format.h>

#include <utility>

#include "connector/aws/credentials/cached_source.h"
#include "connector/aws/credentials/static_credentials.h"
#include "connector/aws/credentials/static_source.h"
#include "connector/aws/credentials/sts/role_sources.h"
#include "connector/aws/sha256.h"

namespace connector::aws {

namespace {

result<credentials> keys_of(const identity& who) {
  auto keys = static_credentials(who.access_key_id, who.secret_access_key, who.session_token,
                                 "the task's own keys");
  if (keys) keys->of_task = true;
  return keys;
}

boost::asio::awaitable<result<credentials>> at_once(result<credentials> keys) { co_return keys; }

// Held here: the entry may be dropped from the list meanwhile.
boost::asio::awaitable<result<credentials>> get_from(std::shared_ptr<credentials_cache> kept,
                                                     deadline end) {
  co_return co_await kept->get(end);
}

// Lengths go in front, so that no two different lists look the same.
void add(std::string& text, std::string_view part) {
  text.append(std::to_string(part.size())).append(":").append(part);
}

}  // namespace

std::string identity_key(const identity& who) {
  std::string text;
  add(text, std::to_string(static_cast<int>(who.from)));
  add(text, who.access_key_id);
  add(text, who.secret_access_key.reveal());
  add(text, who.session_token.reveal());
  add(text, who.profile);
  add(text, who.region);
  if (who.role) {
    add(text, who.role->role_arn);
    add(text, who.role->external_id);
    add(text, who.role->session_name);
    add(text, std::to_string(who.role->duration_seconds));
    for (const auto& [name, value] : who.role->session_tags) {
      add(text, name);
      add(text, value);
    }
  }
  auto key = sha256(text);
  wipe(text);
  return key;
}

caching_provider::caching_provider(boost::asio::any_io_executor loop, sts& from,
                                   std::unique_ptr<credentials_source> own, identity_settings how)
    : loop_(std::move(loop)), from_(from), settings_(std::move(how)) {
  // The operator can repair this without touching the task, so the job may be tried again.
  own_ = made(std::move(own), failure_class::not_started, settings_.refresh.watch);
}

caching_provider::~caching_provider() = default;

std::shared_ptr<credentials_cache> caching_provider::made(
    std::unique_ptr<credentials_source> source, failure_class refusal,
    const key_watch& watch) const {
  auto how = settings_.refresh;
  how.refusal = refusal;
  how.watch = watch;
  return std::make_shared<credentials_cache>(loop_, std::move(source), std::move(how));
}

void caching_provider::add_profile(const std::string& name,
                                   std::unique_ptr<credentials_source> source) {
  profiles_[name] = made(std::move(source), failure_class::not_started, settings_.refresh.watch);
}

void caching_provider::let_go(const std::shared_ptr<credentials_cache>& cache) {
  std::erase_if(dropped_, [](const auto& each) { return each.expired(); });
  dropped_.push_back(cache);
}

void caching_provider::forget_profiles() {
  for (const auto& [name, each] : profiles_) let_go(each);
  for (const auto& [key, each] : recent_) let_go(each);
  profiles_.clear();
  found_.clear();
  recent_.clear();
}

std::unique_ptr<credentials_source> caching_provider::own_source() const {
  return make_cached_source(own_);
}

std::unique_ptr<credentials_source> caching_provider::profile_source(
    const std::string& name) const {
  const auto found = profiles_.find(name);
  return found == profiles_.end() ? nullptr : make_cached_source(found->second);
}

// No coroutine: each call to a function comes here, and a frame would hold the whole identity.
boost::asio::awaitable<result<credentials>> caching_provider::get(identity who, deadline end) {
  if (who.from == identity::kind::keys && !who.role) return at_once(keys_of(who));
  auto found = refresher_of(who);
  if (!found) return at_once(found.error());
  return get_from(*std::move(found), end);
}

void caching_provider::expired(const identity& who, const std::string& access_key_id) {
  if (who.from == identity::kind::keys && !who.role) return;  // there are no fresher ones
  const auto found = refresher_of(who);
  if (found) (*found)->expired(access_key_id);
}

void caching_provider::stop() {
  own_->stop();
  for (const auto& [name, each] : profiles_) each->stop();
  for (const auto& [key, each] : recent_) each->stop();
  for (const auto& each : dropped_) {
    if (const auto held = each.lock()) held->stop();
  }
}

std::string caching_provider::describe() const { return own_->describe(); }

result<std::shared_ptr<credentials_cache>> caching_provider::refresher_of(const identity& who) {
  if (who.from == identity::kind::none) {
    return credentials_error("There are no credentials for a call without a signature.");
  }
  if (who.from == identity::kind::worker && !who.role) return own_;
  if (who.from == identity::kind::profile && !who.role) {
    const auto found = profiles_.find(who.profile);
    if (found != profiles_.end()) return found->second;
  }
  const auto key = identity_key(who);
  if (auto kept = find(key)) return kept;
  auto base = base_of(who);
  if (!base) return base.error();
  auto fresh = made(make_role_source(from_, *std::move(base), *who.role, who.region),
                    failure_class::permanent, settings_.watch_of_tasks);
  keep(key, fresh);
  return fresh;
}

result<std::unique_ptr<credentials_source>> caching_provider::base_of(const identity& who) const {
  switch (who.from) {
    case identity::kind::worker:
      return own_source();
    case identity::kind::profile: {
      auto source = profile_source(who.profile);
      if (!source) {
        return credentials_error(
            "The worker's configuration has no credential profile of that name.");
      }
      return source;
    }
    case identity::kind::keys: {
      auto keys = keys_of(who);
      if (!keys) return keys.error();
      return make_static_source(*std::move(keys));
    }
    case identity::kind::none:
      break;
  }
  return credentials_error("A role cannot be taken over without credentials.");
}

std::shared_ptr<credentials_cache> caching_provider::find(const std::string& key) {
  const auto found = found_.find(key);
  if (found == found_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->second;
}

void caching_provider::keep(const std::string& key, std::shared_ptr<credentials_cache> cache) {
  drop_what_is_over();
  if (found_.size() >= settings_.max_identities) {
    let_go(recent_.back().second);
    found_.erase(recent_.back().first);
    recent_.pop_back();
  }
  recent_.emplace_front(key, std::move(cache));
  found_[key] = recent_.begin();
}

// A process may name a session for each of its instances, and then no job asks for it again.
void caching_provider::drop_what_is_over() {
  for (auto at = recent_.begin(); at != recent_.end();) {
    if (at->second->is_over()) {
      found_.erase(at->first);
      at = recent_.erase(at);
    } else {
      ++at;
    }
  }
}

}  // namespace connector::aws
