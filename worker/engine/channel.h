// The way to the gateway: how a channel is opened, and when another one takes its place. Loop's
// thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/base/clock.h"
#include "worker/engine/client.h"
#include "worker/engine/types.h"

namespace worker::engine {

// The most that the headers or the status text of one answer may be, by gRPC's way of counting.
// Engines quote what they refuse; 9,000 characters were seen.
inline constexpr int metadata_limit = 64 * 1024;

// Tells when nothing but a proxy has answered for a minute: then the name may lead elsewhere by
// now, which gRPC does not look up while a connection lives.
class proxy_watch {
 public:
  using time_point = connector::boot_clock::time_point;
  // True when the minute is over; the next one begins then.
  bool heard(const status& answer, time_point now);

 private:
  std::optional<time_point> since_;
};

class channels {
 public:
  // Throws std::runtime_error when the CA file cannot be used.
  explicit channels(channel_settings settings);

  [[nodiscard]] const std::shared_ptr<grpc::Channel>& shared() const { return shared_; }
  // Over a connection that no other call uses.
  [[nodiscard]] std::shared_ptr<grpc::Channel> separate() const;
  // Every answer is shown to it; opens another channel when only a proxy answers. Calls that are
  // under way stay on the old one.
  void heard(const status& answer);

 private:
  channel_settings settings_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::shared_ptr<grpc::Channel> shared_;
  proxy_watch proxies_;
};

}  // namespace worker::engine
