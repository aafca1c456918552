// Parsed expressions by their text, so that a header is parsed once and not for each job. The least
// recently used ones are dropped. One thread.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "worker/feel/expression.h"

namespace worker::feel {

class expression_cache {
 public:
  using parsed = boost::system::result<expression, parse_error>;

  explicit expression_cache(std::size_t most = 256) : most_(most) {}

  // What expression::parse says, now or before; a text that is no expression is remembered too.
  parsed get(std::string_view text);
  std::size_t size() const { return entries_.size(); }

 private:
  using entry = std::pair<std::string, parsed>;
  std::size_t most_;
  std::list<entry> entries_;  // the last used one first
  std::map<std::string_view, std::list<entry>::iterator> by_text_;
};

}  // namespace worker::feel
