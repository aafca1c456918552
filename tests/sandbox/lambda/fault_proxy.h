// A TCP proxy on 127.0.0.1 in front of one target, which cuts, stalls, slows and half-closes what
// passes through it. It owns its thread; the destructor closes everything and joins it. All public
// members may be called from any thread; faults apply to open and to new connections alike.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace sandbox {

enum class direction { to_target, to_client };

// What happens to one direction of every connection. Bytes are counted per connection and
// direction, from the connection's start.
struct fault {
  std::optional<std::size_t> reset_after;       // RST to both sides once so many bytes passed
  std::optional<std::size_t> half_close_after;  // FIN onwards once so many bytes passed
  std::optional<std::size_t> stall_after;       // nothing passes beyond so many bytes
  std::size_t bytes_per_interval = 0;           // slow: so many bytes each interval; 0: full speed
  std::chrono::milliseconds interval{10};
};

struct proxy_counts {
  std::uint64_t connections = 0;
  std::uint64_t open = 0;
  std::uint64_t bytes_to_target = 0;
  std::uint64_t bytes_to_client = 0;
};

class fault_proxy {
 public:
  // Listens on `port` (0: any free one); connects to 127.0.0.1:`target_port`.
  explicit fault_proxy(std::uint16_t target_port, std::uint16_t port = 0);
  ~fault_proxy();
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;

  std::uint16_t port() const;
  void set_target(std::uint16_t port);  // for new connections

  void set_fault(direction where, fault active);
  void clear_faults();   // stalled bytes flow on
  void reset_all();      // RST on every open connection, both sides
  void close_all();      // FIN on every open connection, both sides
  void refuse(bool on);  // stop listening, and listen again on the same port

  proxy_counts counts() const;
  // Waits until so many connections were accepted; false when the time is over.
  bool wait_for_connections(std::uint64_t made, std::chrono::milliseconds limit) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace sandbox
