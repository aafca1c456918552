// One source of credentials: the environment, a file, a process, STS, the metadata of a container.
// A source only fetches; credentials_cache.h caches, shares and renews, with one fetch of a source
// at a time. The source outlives a fetch that is under way. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "connector/aws/credentials/credentials.h"
#include "connector/aws/credentials/environment_credentials.h"
#include "connector/base/clock.h"
#include "connector/http/client.h"

namespace connector::aws {

struct source_failure {
  enum class kind {
    not_configured,  // nothing points to this source: the chain asks the next one
    unavailable,  // it is meant, but cannot be reached now: worth another try, old keys stay good
    rejected,     // it is meant and will say the same again: wrong settings, access denied
  };
  kind reason = kind::rejected;
  // For people, one line: what was asked (file, line, profile, host, variable), what is wrong, what
  // to do. Never a secret; of an answer only the service's own error name and message.
  std::string message;
};

// The result of a step of a fetch, and of the whole fetch.
template <class T>
using found = boost::system::result<T, source_failure>;
using fetched = found<credentials>;

// fetched::value() calls it for a failure; a bug in our code.
[[noreturn]] inline void throw_exception_from_error(const source_failure& e,
                                                    const boost::source_location&) {
  throw std::logic_error("value of a failed fetch: " + e.message);
}

class credentials_source {
 public:
  credentials_source() = default;
  credentials_source(const credentials_source&) = delete;
  credentials_source& operator=(const credentials_source&) = delete;
  virtual ~credentials_source() = default;

  // Asks now. `end` bounds all of it, retries of the source's own included; a source sets smaller
  // limits for its single steps. `expires` of the result is what the service said; keys that
  // are already expired count as `unavailable` (a service known to hand out old ones during an
  // outage gets a later `expires` from its source). `source` of it names the source for people:
  // "container (http://169.254.170.2/v2/...)". Does not throw; a cancelled fetch returns
  // `unavailable`.
  virtual boost::asio::awaitable<fetched> fetch(deadline end) = 0;

  // Whether what the last fetch read is different now (a file was replaced), so that credentials
  // which are still good have to be fetched again. Cheap: asked before keys are used, at most once
  // a second. Answers false before the first fetch.
  [[nodiscard]] virtual bool changed() const { return false; }

  // A service called keys of the last fetch expired. A source that caches keys of another source
  // fetches them again next time.
  virtual void rejected(const std::string& /*access_key_id*/) {}

  // The source for people, before anything was fetched: "shared files, profile billing".
  [[nodiscard]] virtual std::string describe() const = 0;
};

// Called with each set of keys that is fetched, so that redaction masks them. The caller keeps the
// returned handle as long as the keys. Never called with keys that a task gives.
using key_watch = std::function<std::shared_ptr<const void>(const credentials& met)>;

// The services that sources depend on. All of them outlive the sources.
struct source_dependencies {
  http::client& client;
  variables look_up;                                  // of the environment, as it was at the start
  std::function<wall_clock::time_point()> wall_time;  // never empty; for dates that others read
  std::function<boot_clock::time_point()> now;        // never empty; for deadlines
};

}  // namespace connector::aws
