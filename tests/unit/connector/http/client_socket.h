// The client's own sockets, which a test of the same process can look at.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace connector::http {

// The descriptor of this process whose other end is that port of the loopback; -1: none.
inline int socket_to(std::uint16_t port) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    sockaddr_in other{};
    socklen_t size = sizeof other;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&other), &size) != 0) continue;
    if (other.sin_family == AF_INET && ntohs(other.sin_port) == port) return fd;
  }
  return -1;
}

}  // namespace connector::http
