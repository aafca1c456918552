#include "connector/base/backoff.h"

#include <algorithm>
#include <memory>
#include <random>

namespace connector {

random_source system_random() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

std::chrono::milliseconds backoff_ceiling(const backoff_limits& limits, int attempt) {
  auto ceiling = limits.first;
  for (int i = 0; i < attempt && ceiling < limits.most; ++i) {
    ceiling *= 2;
  }
  return std::min(ceiling, limits.most);
}

std::chrono::milliseconds full_jitter(const backoff_limits& limits, int attempt,
                                      const random_source& random) {
  const auto ceiling = backoff_ceiling(limits, attempt);
  return std::chrono::milliseconds(
      static_cast<std::chrono::milliseconds::rep>(random() * static_cast<double>(ceiling.count())));
}

std::chrono::milliseconds equal_jitter(std::chrono::milliseconds ceiling,
                                       const random_source& random) {
  const auto half = ceiling / 2;
  return half + full_jitter({half, half}, 0, random);
}

}  // namespace connector
