// Values that look into JSON text when they are touched. What they make then is counted before
// (byte_bound): text of a few megabytes may have items for hundreds. A look for one part of many
// makes that part alone, a few times; then all of them are made, so that it does not take a pass
// over the text each time.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json_scan.h"
#include "worker/feel/json.h"
#include "worker/feel/json_scalars.h"
#include "worker/feel/json_slices.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

namespace {

value value_of(const document_pointer& from, std::string_view slice, bool of_many = false);

// A piece of the text. Not set when it is made.
struct piece {
  const char* at;
  std::size_t size;
  operator std::string_view() const { return {at, size}; }
};
piece piece_of(std::string_view text) { return {text.data(), text.size()}; }

// The first parts of a text that is passed over: when these are all, one pass is enough.
template <class Part>
class first_parts {  // NOLINT(*-member-init): those that were added are read
 public:
  void add(const Part& part) {
    if (count_ < first_.size()) first_[count_] = part;
    ++count_;
  }
  std::size_t count() const { return count_; }
  bool all() const { return count_ <= first_.size(); }
  std::span<const Part> parts() const { return std::span(first_).first(count_); }

 private:
  std::array<Part, 32> first_;
  std::size_t count_ = 0;
};

constexpr std::size_t small_text = 1024;
constexpr std::size_t many_members = 4096;
// Looks for one part each, after which all are made. Of small objects only those in a long list are
// worth it.
constexpr std::uint32_t looks_into_small = 2;
constexpr std::uint32_t looks_into_large = 8;

// What is given when the bound is broken, which ends the evaluation.
const std::vector<value> no_items;
const context no_entries;

struct json_list final : nodes::any_list {
  json_list(document_pointer in, std::string_view text)
      : any_list(1), from(std::move(in)), slice(text) {}
  const std::vector<value>& items() const override {
    if (contents == nullptr) contents = read();
    return contents == nullptr ? no_items : *contents;
  }
  std::size_t count() const override {
    if (contents != nullptr) return contents->size();
    if (known_count == unknown) {
      known_count = 0;
      for (json_items each(slice); each.next();) ++known_count;
    }
    return known_count;
  }
  value item(std::size_t at) const override {
    if (contents == nullptr && slice.size() > small_text && looks > 0) {
      --looks;
      json_items each(slice);
      for (std::size_t before = 0; each.next(); ++before) {
        if (before == at) return value_of(from, each.item());
      }
    }
    const auto& all = items();
    return at < all.size() ? all[at] : value();
  }
  std::unique_ptr<const std::vector<value>> read() const;
  std::string_view json() const override { return slice; }

  static constexpr std::uint32_t unknown = UINT32_MAX;
  document_pointer from;
  std::string_view slice;
  mutable std::unique_ptr<const std::vector<value>> contents;
  mutable std::uint32_t known_count = unknown;
  mutable std::uint32_t looks = looks_into_large;  // that are left
};

std::unique_ptr<const std::vector<value>> json_list::read() const {
  first_parts<piece> first;
  for (json_items each(slice); each.next();) first.add(piece_of(each.item()));
  if (!byte_bound::count((first.count() + 1) * sizeof(value))) return nullptr;
  auto made = std::make_unique<std::vector<value>>();
  made->reserve(first.count());
  if (first.all()) {
    for (const auto& item : first.parts()) made->push_back(value_of(from, item));
  } else {
    for (json_items each(slice); each.next() && !byte_bound::is_broken();) {
      made->push_back(value_of(from, each.item(), true));
    }
  }
  if (byte_bound::is_broken()) return nullptr;
  return made;
}

// Whether a key of the text, in quotes, is this one.
bool is_key(std::string_view quoted, std::string_view key) {
  if (quoted.find('\\') != quoted.npos) return json_text_of(quoted) == key;
  return quoted.substr(1, quoted.size() - 2) == key;
}

struct json_context final : nodes::any_context {
  json_context(document_pointer in, std::string_view text, bool of_many)
      : any_context(1),
        from(std::move(in)),
        slice(text),
        looks(text.size() > small_text ? looks_into_large
              : of_many                ? looks_into_small
                                       : 0) {}
  const feel::context& entries() const override {
    if (contents == nullptr) contents = read(pass());
    return contents == nullptr ? no_entries : *contents;
  }
  std::optional<value> member(std::string_view key) const override {
    if (contents == nullptr && looks > 0) {
      // Behind the first look into a large one it is known to have many members.
      if (looks-- != looks_into_large) return look(key);
      const auto passed = pass();
      if (passed.first.count() > many_members) return look(key);
      contents = read(passed);
    }
    return any_context::member(key);
  }
  std::string_view json() const override { return slice; }

  struct pair {
    piece key;
    piece value;
  };
  struct passed_members {
    first_parts<pair> first;
    std::size_t keys = 0;  // bytes that they take in a context
  };
  passed_members pass() const;
  std::optional<value> look(std::string_view key) const;
  std::unique_ptr<const feel::context> read(const passed_members& passed) const;

  document_pointer from;
  std::string_view slice;
  mutable std::unique_ptr<const feel::context> contents;
  mutable std::uint32_t looks;  // that are left
};

json_context::passed_members json_context::pass() const {
  passed_members out;
  for (json_members each(slice); each.next();) {
    out.first.add({piece_of(each.key()), piece_of(each.value())});
    out.keys += bytes_of_text(each.key().size());
  }
  return out;
}

std::optional<value> json_context::look(std::string_view key) const {
  std::optional<std::string_view> found;  // of two with one key the later counts
  for (json_members each(slice); each.next();) {
    if (is_key(each.key(), key)) found = each.value();
  }
  return found ? std::optional(value_of(from, *found)) : std::nullopt;
}

std::unique_ptr<const feel::context> json_context::read(const passed_members& passed) const {
  const auto count = passed.first.count();
  const auto bytes = heap_bytes(sizeof(feel::context)) + context::bytes_of(count, passed.keys);
  if (!byte_bound::count(bytes)) return nullptr;
  auto made = std::make_unique<feel::context>();
  made->reserve(count);
  const auto add = [&](std::string_view key, std::string_view text) {
    made->set(json_text_of(key), value_of(from, text));
  };
  if (passed.first.all()) {
    for (const auto& each : passed.first.parts()) add(each.key, each.value);
  } else {
    for (json_members each(slice); each.next() && !byte_bound::is_broken();) {
      add(each.key(), each.value());
    }
  }
  if (byte_bound::is_broken()) return nullptr;
  return made;
}

value shared(kind type, const node* made) {
  return value(type, boost::intrusive_ptr<const node>(made));
}

value value_of(const document_pointer& from, std::string_view slice, bool of_many) {
  if (slice.empty()) return {};
  switch (slice[0]) {
    case 'n':
      return {};
    case 't':
      return value(true);
    case 'f':
      return value(false);
    case '"':
      return json_string_of(from, slice);
    case '[':
      return shared(kind::list, new json_list(from, slice));
    case '{':
      return shared(kind::context, new json_context(from, slice, of_many));
    default:
      return json_number_of(from, slice);
  }
}

value value_in(document_pointer from) { return value_of(from, connector::ascii::trim(from->text)); }

}  // namespace

std::optional<value> from_json(std::string text) {
  auto* made = new document;
  document_pointer from(made);
  made->own = std::move(text);
  made->text = made->own;
  if (connector::json::check(made->text, {.depth = max_json_depth})) return std::nullopt;
  return value_in(std::move(from));
}

std::size_t bytes_of_json(std::size_t text) {
  return heap_bytes(sizeof(document)) + heap_bytes(text + 1);
}

std::optional<value> from_borrowed_json(std::string_view text) {
  if (connector::json::check(text, {.depth = max_json_depth})) return std::nullopt;
  return from_checked_json(text);
}

value from_checked_json(std::string_view text) {
  auto* made = new document;
  made->text = text;
  return value_in(document_pointer(made));
}

}  // namespace worker::feel
