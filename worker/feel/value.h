// A FEEL value: immutable, cheap to copy (24 bytes, large ones are shared by a counter). Values
// that were read from JSON look into its text when they are touched and not before; they belong to
// one thread. All others may be shared by threads.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/feel/byte_bound.h"
#include "worker/feel/number.h"
#include "worker/feel/temporal_types.h"

namespace worker::feel {

enum class kind : std::uint8_t {
  null,
  boolean,
  number,
  string,
  list,
  context,
  date,
  local_time,
  time,  // with an offset or a zone
  local_date_time,
  date_time,  // with an offset or a zone
  days_time_duration,
  years_months_duration,
  function,
  range,
  error,  // no value of the language: what an operation gives that has none; most make it null
  fatal,  // the same for a `?` outside of a test, which no operation but a test takes
};

// As `instance of` spells it: "date and time" for both of its kinds.
std::string_view name_of(kind type);

class value;
class context;
struct range;

// What large values share. Only the room's own code derives from it.
class node : public boost::intrusive_ref_counter<node, boost::thread_safe_counter> {
 public:
  explicit node(std::uint32_t depth = 0) : depth_(depth) {}
  virtual ~node() = default;
  node(const node&) = delete;
  node& operator=(const node&) = delete;
  std::uint32_t depth() const { return depth_; }
  // The JSON text that the value was read from; empty when there is none.
  virtual std::string_view json() const { return {}; }

  static void* operator new(std::size_t size) {
    byte_bound::count(heap_bytes(size));
    return ::operator new(size);
  }
  static void operator delete(void* at) { ::operator delete(at); }

 private:
  std::uint32_t depth_;
};

class value {
 public:
  value() noexcept {}  // null
  explicit value(std::same_as<bool> auto truth) noexcept : kind_(kind::boolean) {
    in_.truth = truth;
  }
  value(feel::number n) noexcept : kind_(kind::number) { in_.number = n; }
  value(std::string text);
  value(std::vector<value> items);
  value(feel::context entries);
  value(feel::date from);
  value(feel::local_time from);
  value(zoned_time from);
  value(feel::local_date_time from);
  value(zoned_date_time from);
  value(feel::days_time_duration from);
  value(feel::years_months_duration from);
  value(feel::range from);
  value(kind type, boost::intrusive_ptr<const node> shared);
  static value error(std::string message);
  static value fatal(std::string message);

  value(const value& other) noexcept;
  value(value&& other) noexcept;
  value& operator=(const value& other) noexcept;
  value& operator=(value&& other) noexcept;
  ~value();

  kind type() const { return kind_; }
  bool is(kind other) const { return kind_ == other; }
  bool is_null() const { return kind_ == kind::null; }
  bool failed() const { return kind_ == kind::error || kind_ == kind::fatal; }

  // Each of these asks for the kind that it names.
  bool as_boolean() const { return in_.truth; }
  feel::number as_number() const;
  std::string_view as_string() const;  // UTF-8; lives as long as a copy of this value; also error's
  const std::vector<value>& items() const;
  const feel::context& entries() const;
  // Of a list and of a context. These need not make all of the items and entries.
  std::size_t count() const;
  value item(std::size_t at) const;
  std::optional<value> member(std::string_view key) const;
  const feel::date& as_date() const;
  const feel::local_time& as_local_time() const;
  const zoned_time& as_time() const;
  const feel::local_date_time& as_local_date_time() const;
  const zoned_date_time& as_date_time() const;
  const feel::days_time_duration& as_days_time_duration() const;
  const feel::years_months_duration& as_years_months_duration() const;
  const feel::range& as_range() const;
  const node* shared() const { return boxed_ ? in_.shared : nullptr; }

  // How many lists, contexts and functions lie in each other; 0 for plain values.
  std::uint32_t depth() const { return boxed_ ? in_.shared->depth() : 0; }
  // The JSON text that this value was read from; empty when it was not, or is a plain integer.
  std::string_view json() const { return boxed_ ? in_.shared->json() : std::string_view(); }

 private:
  union storage {
    storage() noexcept {}
    const node* shared = nullptr;
    bool truth;
    feel::number number;
  };
  kind kind_ = kind::null;
  bool boxed_ = false;
  storage in_;
};

inline value::value(const value& other) noexcept
    : kind_(other.kind_), boxed_(other.boxed_), in_(other.in_) {
  if (boxed_) intrusive_ptr_add_ref(in_.shared);
}
inline value::value(value&& other) noexcept
    : kind_(other.kind_), boxed_(other.boxed_), in_(other.in_) {
  other.kind_ = kind::null;
  other.boxed_ = false;
}
inline value::~value() {
  if (boxed_) intrusive_ptr_release(in_.shared);
}

struct entry {
  std::string key;
  feel::value value;
};

// The entries of a context in the order in which they were first set. Functions lie apart: they can
// be called by name, but are no values that a path finds.
class context {
 public:
  // Replaces the value of a key that is there, which keeps its place.
  void set(std::string key, value added);
  void add_function(std::string name, value added);
  const value* find(std::string_view key) const;
  const std::vector<entry>& variables() const { return variables_; }
  const std::vector<entry>& functions() const { return functions_; }
  bool empty() const { return variables_.empty() && functions_.empty(); }
  void reserve(std::size_t count) { variables_.reserve(count); }

  // What so many variables take, with keys that take so many bytes beside them (bytes_of_text).
  static std::size_t bytes_of(std::size_t count, std::size_t keys);
  std::size_t bytes() const;

 private:
  std::size_t position_of(std::string_view key) const;  // the count when it is not there
  std::vector<entry> variables_;
  std::vector<entry> functions_;
  // Positions by key, from a size on where looking through all of them costs more. A tree: keys
  // come from outside, and a hash could be made to collide.
  std::map<std::string, std::uint32_t, std::less<>> positions_;
};

struct range {
  value start;
  value end;
  bool start_closed = true;
  bool end_closed = true;
};

}  // namespace worker::feel
