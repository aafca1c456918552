#include "worker/feel/expression_cache.h"

namespace worker::feel {

expression_cache::parsed expression_cache::get(std::string_view text) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front().second;
  }
  auto parsed_now = expression::parse(text);
  // What is too long is not kept either.
  if (text.size() > max_text || most_ == 0) return parsed_now;
  if (entries_.size() >= most_) {
    by_text_.erase(entries_.back().first);
    entries_.pop_back();
  }
  entries_.emplace_front(std::string(text), parsed_now);
  by_text_.emplace(entries_.front().first, entries_.begin());
  return parsed_now;
}

}  // namespace worker::feel
