// Packed bodies: whatever the bytes, unpacking ends, takes no more than it may, and gives the same
// in steps of any size.
#include "connector/http/unpacker.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace http = connector::http;

constexpr std::size_t max_text = 100'000;

struct unpacked {
  http::unpack_state state = http::unpack_state::more;
  std::string text;
  bool wrong = false;  // a step gave more than it may, or nothing though there is more
};

unpacked unpack(http::packing how, std::string_view packed, std::size_t step) {
  http::unpacker reading(how, packed);
  unpacked out;
  while (out.state == http::unpack_state::more && out.text.size() <= max_text) {
    const std::size_t before = out.text.size();
    out.state = reading.next(out.text, step);
    const bool full = out.text.size() == before + step;
    out.wrong = out.text.size() > before + step || (out.state == http::unpack_state::more && !full);
    if (out.wrong) break;
  }
  return out;
}

std::string run_packed_answer(std::string_view packed) {
  for (const auto how : {http::packing::gzip, http::packing::deflate}) {
    const auto whole = unpack(how, packed, 2 * max_text);
    const auto steps = unpack(how, packed, 777);
    if (whole.wrong || steps.wrong) return "a step of a wrong size";
    if (whole.text.size() > max_text || steps.text.size() > max_text) continue;
    if (whole.state != steps.state) return "in steps it is another verdict";
    if (whole.state == http::unpack_state::done && whole.text != steps.text) {
      return "in steps it is another text";
    }
  }
  return {};
}

}  // namespace

target packed_answer() {
  using namespace std::string_literals;
  return {
      "PackedAnswer",
      run_packed_answer,
      // "hello" by gzip, by zlib, and without a header.
      {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00"s,
       "\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15"s, "\xcb\x48\xcd\xc9\xc9\x07\x00"s},
      {"\x1f\x8b\x08"s, "\x00\x00\xff\xff"s, "\x78\x9c"s, "\x01\x05\x00\xfa\xff"s}};
}

}  // namespace fuzz
