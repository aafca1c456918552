// The gRPC channel to the gateway: how it is opened, and when another one replaces it. Must outlive
// the calls over it. Loop's thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/base/clock.h"
#include "worker/engine/channel_settings.h"
#include "worker/engine/file_watch.h"
#include "worker/engine/types.h"

namespace worker::engine {

// Bytes that the headers or the status text of one answer may have, as gRPC counts them. Engines
// quote what they refuse; a text of 9,000 characters was seen.
inline constexpr int metadata_limit = 64 * 1024;

// Finds out when only a proxy has answered for a minute. The gateway's name may have another
// address by then, and gRPC does not look a name up while its connection lives.
class proxy_watch {
 public:
  using time_point = connector::boot_clock::time_point;
  // Is shown every answer. True when the minute is over; then the next minute begins.
  bool observe(const status& answer, time_point now);

 private:
  std::optional<time_point> since_;
};

class channels {
 public:
  // Throws std::runtime_error when the CA file or the client certificate cannot be used.
  explicit channels(channel_settings settings);

  // Another one after the files of the certificates have changed; calls that are under way stay on
  // the old channel. Files that cannot be used are logged, and the certificates before them count.
  [[nodiscard]] const std::shared_ptr<grpc::Channel>& shared();
  // A channel with a connection that no other call uses.
  [[nodiscard]] std::shared_ptr<grpc::Channel> separate();
  [[nodiscard]] const channel_settings& settings() const { return settings_; }
  // Is shown every answer; opens another channel when only a proxy answers. Calls that are under
  // way stay on the old channel.
  void observe(const status& answer);

 private:
  void take_changed_files();

  channel_settings settings_;
  file_watch files_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::shared_ptr<grpc::Channel> shared_;
  proxy_watch proxies_;
};

}  // namespace worker::engine
