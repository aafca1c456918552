#include "worker/feel/expression_cache.h"

namespace worker::feel {

namespace {

std::size_t bytes_of(std::string_view text, const expression_cache::parsed& read) {
  constexpr std::size_t places = 256;  // in the list and in the map
  return places + text.size() + (read ? read->bytes() : read.error().message.size());
}

}  // namespace

expression_cache::parsed expression_cache::get(std::string_view text) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front().read;
  }
  auto parsed_now = expression::parse(text);
  // What is too long is not kept either.
  if (text.size() > max_text || most_ == 0) return parsed_now;
  const auto bytes = bytes_of(text, parsed_now);
  if (bytes > most_bytes_) return parsed_now;
  while (entries_.size() >= most_ || bytes_ + bytes > most_bytes_) drop_last();
  bytes_ += bytes;
  entries_.push_front({std::string(text), parsed_now, bytes});
  by_text_.emplace(entries_.front().text, entries_.begin());
  return parsed_now;
}

void expression_cache::drop_last() {
  bytes_ -= entries_.back().bytes;
  by_text_.erase(entries_.back().text);
  entries_.pop_back();
}

}  // namespace worker::feel
