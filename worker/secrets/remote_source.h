// Secrets of a remote store, from a copy that is read anew at intervals, and for a name that an old
// copy lacks: once for all that ask meanwhile, and not again within 10 s. The store itself is a
// function, so that this room knows no AWS. Loop's thread; stop() before what `fetch` needs goes
// away.
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
  // The store's secrets as one JSON object. Comes back by `end`.
  using fetch = std::function<boost::asio::awaitable<connector::result<connector::secret_string>>(
      connector::deadline end)>;

  using clock = std::function<connector::boot_clock::time_point()>;

  // `name` is for people: "AWS Secrets Manager, secret orders".
  remote_source(boost::asio::any_io_executor loop, std::string name, fetch ask,
                std::chrono::milliseconds interval, clock now = connector::boot_clock::now);
  ~remote_source() override;

  // Reads once, in 10 s at most; empty when the copy is there, else why not.
  boost::asio::awaitable<std::string> load();
  // Keeps the copy fresh until stop().
  void start();
  void stop();

  [[nodiscard]] finding look_up(std::string_view name) override;
  // Reads at once, unless that was tried a moment ago. Only while the copy is kept fresh.
  void look_again() override;
  boost::asio::awaitable<void> looked() override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string trouble() const override;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace worker::secrets
