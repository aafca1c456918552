// Parsed expressions by their text, so that a header is parsed once and not for each job. The least
// recently used ones are dropped. A tree takes up to a hundred times the bytes of its text, so
// bytes are bounded beside the number. One thread.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "worker/feel/expression.h"

namespace worker::feel {

class expression_cache {
 public:
  using parsed = boost::system::result<expression, parse_error>;

  explicit expression_cache(std::size_t most = 256, std::size_t most_bytes = std::size_t{16} << 20U)
      : most_(most), most_bytes_(most_bytes) {}

  // What expression::parse says, now or before; a text that is no expression is remembered too. One
  // that takes more than all bytes is read each time.
  parsed get(std::string_view text);
  std::size_t size() const { return entries_.size(); }

 private:
  struct entry {
    std::string text;
    parsed read;
    std::size_t bytes;
  };
  void drop_last();

  std::size_t most_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<entry> entries_;  // the last used one first
  std::map<std::string_view, std::list<entry>::iterator> by_text_;
};

}  // namespace worker::feel
