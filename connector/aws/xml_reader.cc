#include "connector/aws/xml_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/number.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_elements = 10'000;
constexpr std::size_t max_element_name = 256;
constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};

bool append_utf8(std::string& out, std::uint32_t code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6);
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3F));
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
  return true;
}

// `name` is the text between & and ;.
bool append_entity(std::string& out, std::string_view name) {
  for (const auto& [known, character] : entities) {
    if (name != known) continue;
    out += character;
    return true;
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x');
  if (hexadecimal) name.remove_prefix(1);
  const auto code = integer_in<std::uint32_t>(name, 0, 0x10FFFF, hexadecimal ? 16 : 10);
  return code && append_utf8(out, *code);
}

class reader {
 public:
  explicit reader(std::string_view document) : left_(document) {}
  ~reader() { wipe(text_); }
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  std::optional<xml_texts> run() {
    text_.reserve(left_.size());  // grows no more, so that no half of a key is left behind
    bool good = true;
    while (good && !left_.empty()) good = left_.front() == '<' ? markup() : characters();
    if (!good || !names_.empty() || !seen_root_) return std::nullopt;
    return std::move(found_);
  }

 private:
  bool characters() {
    const auto run = left_.substr(0, left_.find('<'));
    left_.remove_prefix(run.size());
    if (names_.empty()) return ascii::trim(run).empty();
    return append(run);
  }

  bool append(std::string_view run) {
    while (!run.empty()) {
      const auto mark = run.find('&');
      text_.append(run.substr(0, mark));
      if (mark == std::string_view::npos) return true;
      const auto end = run.find(';', mark);
      if (end == std::string_view::npos || end - mark > 10) return false;
      if (!append_entity(text_, run.substr(mark + 1, end - mark - 1))) return false;
      run.remove_prefix(end + 1);
    }
    return true;
  }

  // Takes everything up to and with `end`; nothing when it does not come.
  std::optional<std::string_view> until(std::string_view end) {
    const auto at = left_.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    const auto taken = left_.substr(0, at);
    left_.remove_prefix(at + end.size());
    return taken;
  }

  bool markup() {
    if (left_.starts_with("<?")) return until("?>").has_value();
    if (left_.starts_with("<!--")) return until("-->").has_value();
    if (left_.starts_with("<![CDATA[")) {
      left_.remove_prefix(9);
      const auto data = until("]]>");
      if (!data || names_.empty()) return false;
      text_.append(*data);
      return true;
    }
    if (left_.starts_with("<!")) return false;
    if (left_.starts_with("</")) return end_tag();
    return start_tag();
  }

  // The end of a start tag is the first > outside of the quotes of its attributes.
  std::optional<std::string_view> tag() {
    char quote = 0;
    for (std::size_t i = 1; i < left_.size(); ++i) {
      const char c = left_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '<') {
        return std::nullopt;
      } else if (c == '>') {
        const auto inner = left_.substr(1, i - 1);
        left_.remove_prefix(i + 1);
        return inner;
      }
    }
    return std::nullopt;
  }

  static std::string_view bare(std::string_view name) {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
  }

  bool start_tag() {
    auto inner = tag();
    if (!inner || ++elements_ > max_elements) return false;
    const bool closed = inner->ends_with('/');
    if (closed) inner->remove_suffix(1);
    const auto name = bare(inner->substr(0, inner->find_first_of(" \t\r\n")));
    if (name.empty() || name.size() > max_element_name) return false;
    if (names_.empty() && seen_root_) return false;
    if (names_.size() >= max_depth) return false;
    seen_root_ = true;
    names_.push_back(name);
    wipe_text();
    leaf_ = true;
    return closed ? close() : true;
  }

  bool end_tag() {
    left_.remove_prefix(1);
    const auto inner = tag();
    if (!inner || names_.empty() || bare(ascii::trim(*inner)) != names_.back()) return false;
    return close();
  }

  bool close() {
    if (leaf_) {
      std::string path;
      for (const auto name : names_) {
        if (!path.empty()) path += '/';
        path.append(name);
      }
      found_.try_emplace(std::move(path), secret_string(std::string(ascii::trim(text_))));
    }
    leaf_ = false;
    wipe_text();
    names_.pop_back();
    return true;
  }

  void wipe_text() {
    std::fill(text_.begin(), text_.end(), '\0');
    text_.clear();
  }

  std::string_view left_;
  std::vector<std::string_view> names_;
  std::string text_;
  bool leaf_ = false;
  bool seen_root_ = false;
  std::size_t elements_ = 0;
  xml_texts found_;
};

}  // namespace

std::optional<xml_texts> read_xml(std::string_view document) {
  if (document.starts_with("\xEF\xBB\xBF")) document.remove_prefix(3);
  return reader(document).run();
}

}  // namespace connector::aws
