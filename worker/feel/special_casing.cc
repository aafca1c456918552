#include "worker/feel/special_casing.h"

#include <algorithm>
#include <array>

namespace worker::feel {
namespace {

struct special_case {
  char32_t code;
  std::u32string_view upper;
};

// By code.
constexpr std::array special_cases{special_case{0x00DF, U"SS"},
                                   special_case{0x0149, U"\u02BCN"},
                                   special_case{0x01F0, U"J\u030C"},
                                   special_case{0x0390, U"\u0399\u0308\u0301"},
                                   special_case{0x03B0, U"\u03A5\u0308\u0301"},
                                   special_case{0x0587, U"\u0535\u0552"},
                                   special_case{0x1E96, U"H\u0331"},
                                   special_case{0x1E97, U"T\u0308"},
                                   special_case{0x1E98, U"W\u030A"},
                                   special_case{0x1E99, U"Y\u030A"},
                                   special_case{0x1E9A, U"A\u02BE"},
                                   special_case{0x1F50, U"\u03A5\u0313"},
                                   special_case{0x1F52, U"\u03A5\u0313\u0300"},
                                   special_case{0x1F54, U"\u03A5\u0313\u0301"},
                                   special_case{0x1F56, U"\u03A5\u0313\u0342"},
                                   special_case{0x1F80, U"\u1F08\u0399"},
                                   special_case{0x1F81, U"\u1F09\u0399"},
                                   special_case{0x1F82, U"\u1F0A\u0399"},
                                   special_case{0x1F83, U"\u1F0B\u0399"},
                                   special_case{0x1F84, U"\u1F0C\u0399"},
                                   special_case{0x1F85, U"\u1F0D\u0399"},
                                   special_case{0x1F86, U"\u1F0E\u0399"},
                                   special_case{0x1F87, U"\u1F0F\u0399"},
                                   special_case{0x1F88, U"\u1F08\u0399"},
                                   special_case{0x1F89, U"\u1F09\u0399"},
                                   special_case{0x1F8A, U"\u1F0A\u0399"},
                                   special_case{0x1F8B, U"\u1F0B\u0399"},
                                   special_case{0x1F8C, U"\u1F0C\u0399"},
                                   special_case{0x1F8D, U"\u1F0D\u0399"},
                                   special_case{0x1F8E, U"\u1F0E\u0399"},
                                   special_case{0x1F8F, U"\u1F0F\u0399"},
                                   special_case{0x1F90, U"\u1F28\u0399"},
                                   special_case{0x1F91, U"\u1F29\u0399"},
                                   special_case{0x1F92, U"\u1F2A\u0399"},
                                   special_case{0x1F93, U"\u1F2B\u0399"},
                                   special_case{0x1F94, U"\u1F2C\u0399"},
                                   special_case{0x1F95, U"\u1F2D\u0399"},
                                   special_case{0x1F96, U"\u1F2E\u0399"},
                                   special_case{0x1F97, U"\u1F2F\u0399"},
                                   special_case{0x1F98, U"\u1F28\u0399"},
                                   special_case{0x1F99, U"\u1F29\u0399"},
                                   special_case{0x1F9A, U"\u1F2A\u0399"},
                                   special_case{0x1F9B, U"\u1F2B\u0399"},
                                   special_case{0x1F9C, U"\u1F2C\u0399"},
                                   special_case{0x1F9D, U"\u1F2D\u0399"},
                                   special_case{0x1F9E, U"\u1F2E\u0399"},
                                   special_case{0x1F9F, U"\u1F2F\u0399"},
                                   special_case{0x1FA0, U"\u1F68\u0399"},
                                   special_case{0x1FA1, U"\u1F69\u0399"},
                                   special_case{0x1FA2, U"\u1F6A\u0399"},
                                   special_case{0x1FA3, U"\u1F6B\u0399"},
                                   special_case{0x1FA4, U"\u1F6C\u0399"},
                                   special_case{0x1FA5, U"\u1F6D\u0399"},
                                   special_case{0x1FA6, U"\u1F6E\u0399"},
                                   special_case{0x1FA7, U"\u1F6F\u0399"},
                                   special_case{0x1FA8, U"\u1F68\u0399"},
                                   special_case{0x1FA9, U"\u1F69\u0399"},
                                   special_case{0x1FAA, U"\u1F6A\u0399"},
                                   special_case{0x1FAB, U"\u1F6B\u0399"},
                                   special_case{0x1FAC, U"\u1F6C\u0399"},
                                   special_case{0x1FAD, U"\u1F6D\u0399"},
                                   special_case{0x1FAE, U"\u1F6E\u0399"},
                                   special_case{0x1FAF, U"\u1F6F\u0399"},
                                   special_case{0x1FB2, U"\u1FBA\u0399"},
                                   special_case{0x1FB3, U"\u0391\u0399"},
                                   special_case{0x1FB4, U"\u0386\u0399"},
                                   special_case{0x1FB6, U"\u0391\u0342"},
                                   special_case{0x1FB7, U"\u0391\u0342\u0399"},
                                   special_case{0x1FBC, U"\u0391\u0399"},
                                   special_case{0x1FC2, U"\u1FCA\u0399"},
                                   special_case{0x1FC3, U"\u0397\u0399"},
                                   special_case{0x1FC4, U"\u0389\u0399"},
                                   special_case{0x1FC6, U"\u0397\u0342"},
                                   special_case{0x1FC7, U"\u0397\u0342\u0399"},
                                   special_case{0x1FCC, U"\u0397\u0399"},
                                   special_case{0x1FD2, U"\u0399\u0308\u0300"},
                                   special_case{0x1FD3, U"\u0399\u0308\u0301"},
                                   special_case{0x1FD6, U"\u0399\u0342"},
                                   special_case{0x1FD7, U"\u0399\u0308\u0342"},
                                   special_case{0x1FE2, U"\u03A5\u0308\u0300"},
                                   special_case{0x1FE3, U"\u03A5\u0308\u0301"},
                                   special_case{0x1FE4, U"\u03A1\u0313"},
                                   special_case{0x1FE6, U"\u03A5\u0342"},
                                   special_case{0x1FE7, U"\u03A5\u0308\u0342"},
                                   special_case{0x1FF2, U"\u1FFA\u0399"},
                                   special_case{0x1FF3, U"\u03A9\u0399"},
                                   special_case{0x1FF4, U"\u038F\u0399"},
                                   special_case{0x1FF6, U"\u03A9\u0342"},
                                   special_case{0x1FF7, U"\u03A9\u0342\u0399"},
                                   special_case{0x1FFC, U"\u03A9\u0399"},
                                   special_case{0xFB00, U"FF"},
                                   special_case{0xFB01, U"FI"},
                                   special_case{0xFB02, U"FL"},
                                   special_case{0xFB03, U"FFI"},
                                   special_case{0xFB04, U"FFL"},
                                   special_case{0xFB05, U"ST"},
                                   special_case{0xFB06, U"ST"},
                                   special_case{0xFB13, U"\u0544\u0546"},
                                   special_case{0xFB14, U"\u0544\u0535"},
                                   special_case{0xFB15, U"\u0544\u053B"},
                                   special_case{0xFB16, U"\u054E\u0546"},
                                   special_case{0xFB17, U"\u0544\u053D"}};

}  // namespace

std::u32string_view special_upper_case(char32_t code) {
  const auto found =
      std::lower_bound(special_cases.begin(), special_cases.end(), code,
                       [](const special_case& one, char32_t wanted) { return one.code < wanted; });
  if (found == special_cases.end() || found->code != code) return {};
  return found->upper;
}

}  // namespace worker::feel
