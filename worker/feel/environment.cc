#include "worker/feel/environment.h"

#include <random>

namespace worker::feel {

environment present() {
  environment out;
  out.now = connector::wall_clock::now();
  return out;
}

std::uint64_t random_bits(const environment& from) {
  if (from.random) return from.random();
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine();
}

}  // namespace worker::feel
