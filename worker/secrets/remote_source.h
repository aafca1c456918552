// Secrets of a remote store, from a copy that is read again at intervals. When a name is missing in
// an old copy, the store is read once for all tasks that wait, and not again within 10 s. The store
// itself is a function, so that this room knows no AWS. Loop's thread; stop() must come before the
// end of what `fetch` needs.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "connector/base/clock.h"
#include "connector/base/result.h"
#include "worker/secrets/source.h"

namespace worker::secrets {

class remote_source : public source {
 public:
  // The store's secrets as one JSON object. Ends by `end`.
  using fetch = std::function<boost::asio::awaitable<connector::result<connector::secret_string>>(
      connector::deadline end)>;

  using clock = std::function<connector::boot_clock::time_point()>;

  // `name` is for people: "AWS Secrets Manager, secret orders".
  remote_source(boost::asio::any_io_executor loop, std::string name, fetch fetch_secrets,
                std::chrono::milliseconds interval, clock now = connector::boot_clock::now);
  ~remote_source() override;

  // Reads the store once, in 10 s at most. Empty when there is a copy, else the error.
  boost::asio::awaitable<std::string> load();
  // Keeps the copy fresh until stop().
  void start();
  void stop();

  [[nodiscard]] lookup_result look_up(std::string_view name) override;
  // Between start() and stop() only: reads the store now, unless it was read less than 10 s ago.
  void refresh() override;
  boost::asio::awaitable<void> refreshed() override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string issue() const override;
  [[nodiscard]] store_counters count() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace worker::secrets
