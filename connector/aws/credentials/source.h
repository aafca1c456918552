// One source of credentials: the environment, a file, a process, STS, the metadata of a container.
// A source fetches when it is asked and keeps nothing between two fetches that belongs in a cache:
// keeping, sharing and renewing are the work of whoever asks (credentials_cache.h), one fetch at a
// time. A fetch under way must have come back before the source is destroyed. Loop's thread.
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
    away,     // it is meant, but cannot be reached now: worth another try, old keys stay good
    refuses,  // it is meant and will say the same again: wrong settings, access denied
  };
  kind reason = kind::refuses;
  // For people, one line: what was asked (file, line, profile, host, variable), what is wrong, what
  // to do. Never a secret; of an answer only the service's own error name and message.
  std::string message;
};

// What a step of a fetch finds, and what the whole of it does.
template <class T>
using found = boost::system::result<T, source_failure>;
using fetched = found<credentials>;

// Found by fetched::value() when there are none; a bug in our code.
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
  // limits for its single steps. `expires` of what comes back is what the service said; keys that
  // are already expired count as `away` (a service known to hand out old ones during an outage gets
  // a later `expires` from its source). `source` of it names the source for people: "container
  // (http://169.254.170.2/v2/...)". Does not throw; a cancelled fetch comes back as `away`.
  virtual boost::asio::awaitable<fetched> fetch(deadline end) = 0;

  // Whether what the last fetch read is different now (a file was replaced), so that credentials
  // which are still good have to be fetched again. Cheap: asked before keys are used, at most once
  // a second. Answers false before the first fetch.
  [[nodiscard]] virtual bool changed() const { return false; }

  // A service called keys that the last fetch gave expired: a source that keeps keys of others must
  // fetch them anew next time.
  virtual void rejected(const std::string& /*access_key_id*/) {}

  // The source for people, before anything was fetched: "shared files, profile billing".
  [[nodiscard]] virtual std::string describe() const = 0;
};

// Told of keys of the worker's as they are met, so that they never show in anything that is said;
// what comes back is kept for as long as the keys are. Never called with keys of tasks.
using key_watch = std::function<std::shared_ptr<const void>(const credentials& met)>;

// What sources are given to work with. All of it outlives them.
struct source_tools {
  http::client& client;
  variables look_up;                                  // of the environment, as it was at the start
  std::function<wall_clock::time_point()> wall_time;  // never empty; for dates that others read
  std::function<boot_clock::time_point()> now;        // never empty; for deadlines
};

}  // namespace connector::aws
