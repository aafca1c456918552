#include "connector/base/words.h"

namespace connector {

std::string joined(word_list words, std::string_view separator, std::string_view mark) {
  std::string out;
  for (const auto word : words) {
    if (!out.empty()) out += separator;
    out.append(mark).append(word).append(mark);
  }
  return out;
}

}  // namespace connector
