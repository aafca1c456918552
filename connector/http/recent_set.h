// A bounded set: when it is full, a new element replaces the oldest one.
// Loop's thread.
#pragma once

#include <cstddef>
#include <list>
#include <map>

namespace connector::http {

template <class T>
class recent_set {
 public:
  explicit recent_set(std::size_t most) : most_(most) {}

  [[nodiscard]] bool has(const T& one) const { return !all_.empty() && all_.contains(one); }

  // False when it was there.
  bool add(const T& one) {
    if (all_.contains(one)) return false;
    order_.push_back(one);
    all_.emplace(one, std::prev(order_.end()));
    if (all_.size() > most_) erase(T(order_.front()));
    return true;
  }

  void erase(const T& one) {
    const auto it = all_.find(one);
    if (it == all_.end()) return;
    order_.erase(it->second);
    all_.erase(it);
  }

 private:
  std::size_t most_;
  std::list<T> order_;
  std::map<T, typename std::list<T>::iterator> all_;
};

}  // namespace connector::http
