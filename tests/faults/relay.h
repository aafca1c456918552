// A TCP listener that hands every connection on to a port of 127.0.0.1, on an address of its own
// choosing ("::1"); or that takes connections and never answers, as a host behind a dead link. Owns
// its thread; the destructor closes everything and joins it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace faults {

class relay {
 public:
  relay(const std::string& address, std::uint16_t to_port);
  ~relay();
  relay(const relay&) = delete;
  relay& operator=(const relay&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// Takes no connection and refuses none: its backlog is full.
class silent_listener {
 public:
  silent_listener(const std::string& address, std::uint16_t port);
  ~silent_listener();
  silent_listener(const silent_listener&) = delete;
  silent_listener& operator=(const silent_listener&) = delete;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace faults
