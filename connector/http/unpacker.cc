#include "connector/http/unpacker.h"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "connector/base/ascii.h"
#include "connector/base/shortened.h"

namespace connector::http {
namespace {

constexpr std::size_t longest_name = 40;
// Of one file. Empty ones cost time and give nothing.
constexpr int max_members = 1000;
// The parameter of zlib for its input: a window of 32 KiB, and the format around it.
constexpr int zlib_window = 15;
constexpr int gzip_window = 15 + 16;
constexpr int raw_window = -15;

// All codings in the order of application, without `identity`.
std::vector<std::string_view> codings_of(const headers& fields) {
  std::vector<std::string_view> all;
  for (const auto& [name, value] : fields) {
    if (!same_name(name, "Content-Encoding")) continue;
    std::string_view left = value;
    for (;;) {
      const std::size_t comma = std::min(left.find(','), left.size());
      const auto one = ascii::trim(left.substr(0, comma));
      if (!one.empty() && !same_name(one, "identity")) all.push_back(one);
      if (comma == left.size()) break;
      left.remove_prefix(comma + 1);
    }
  }
  return all;
}

// RFC 1950 2.2: method 8, a window that exists, and a check of both bytes.
bool has_zlib_header(std::string_view packed) {
  if (packed.size() < 2) return false;
  const unsigned first = static_cast<unsigned char>(packed[0]);
  const unsigned second = static_cast<unsigned char>(packed[1]);
  return (first & 0x0FU) == 8 && first >> 4U <= 7 && (first * 256 + second) % 31 == 0;
}

bool has_gzip_header(std::string_view packed) {
  return packed.size() >= 2 && packed[0] == '\x1f' && packed[1] == '\x8b';
}

}  // namespace

packing packing_of(const headers& fields) {
  const auto all = codings_of(fields);
  if (all.empty()) return packing::none;
  if (all.size() > 1) return packing::other;
  if (same_name(all.front(), "gzip") || same_name(all.front(), "x-gzip")) return packing::gzip;
  return same_name(all.front(), "deflate") ? packing::deflate : packing::other;
}

std::string packing_name(const headers& fields) {
  std::string all;
  for (const auto one : codings_of(fields)) {
    if (!all.empty()) all += ", ";
    all += one;
  }
  std::string shown;
  for (const char c : shortened(all, longest_name)) shown += c >= 0x20 && c < 0x7f ? c : '?';
  return shown;
}

struct unpacker::state {
  state(packing as, std::string_view from) : how(as), left(from) {
    const int window = how == packing::gzip        ? gzip_window
                       : has_zlib_header(packed()) ? zlib_window
                                                   : raw_window;
    if (::inflateInit2(&stream, window) != Z_OK) throw std::bad_alloc();
  }
  ~state() { ::inflateEnd(&stream); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  [[nodiscard]] std::string_view packed() const { return left; }

  packing how;
  std::string_view left;
  int members = 0;
  z_stream stream{};
};

unpacker::unpacker(packing how, std::string_view packed)
    : state_(std::make_unique<state>(how, packed)) {}
unpacker::~unpacker() = default;

unpack_state unpacker::next(std::string& to, std::size_t most) {
  state& s = *state_;
  const std::size_t before = to.size();
  to.resize(before + most);
  z_stream& stream = s.stream;
  stream.next_out = reinterpret_cast<Bytef*>(to.data() + before);
  stream.avail_out = static_cast<uInt>(most);
  int outcome = Z_OK;
  while (stream.avail_out > 0 && outcome == Z_OK) {
    const std::size_t piece = std::min<std::size_t>(s.left.size(), 1U << 30U);
    // zlib does not write there; its pointer is only not const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(s.left.data()));
    stream.avail_in = static_cast<uInt>(piece);
    outcome = ::inflate(&stream, Z_NO_FLUSH);
    s.left.remove_prefix(piece - stream.avail_in);
    // RFC 1952 2.2: one member after the other are one file.
    if (outcome == Z_STREAM_END && s.how == packing::gzip && has_gzip_header(s.left) &&
        ++s.members < max_members) {
      outcome = ::inflateReset(&stream);
    }
  }
  to.resize(to.size() - stream.avail_out);
  if (outcome == Z_OK) return unpack_state::more;
  return outcome == Z_STREAM_END && s.left.empty() ? unpack_state::done : unpack_state::failed;
}

}  // namespace connector::http
