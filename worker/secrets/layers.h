// The encodings that a reading takes off: one function for each, which decodes one piece. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace worker::secrets {

// One kind of encoding: how it is taken off.
struct layer {
  // The bytes that a piece may begin with that is not one byte standing for itself.
  std::array<bool, 256> special;
  // The only such byte, or 0: there are several.
  char only;
  // Decodes one piece at the front of `rest`, appends the result to `out`, and gives the length of
  // the piece, at least 1. `out` holds what was decoded before it.
  std::size_t (*decode)(std::string_view rest, std::string& out);
};

extern const layer of_escapes;   // strings of JSON and of languages with similar ones
extern const layer of_percents;  // %2B, %u20AC
extern const layer of_entities;  // of HTML and XML
extern const layer of_quoted;    // quoted-printable: =3D, and = at the end of a line
extern const layer of_lines;     // line ends within base64

// Whether quoted-printable may be in `text`.
bool has_quoted(std::string_view text);

// Whether base64 in lines may be in `text`.
bool has_lines(std::string_view text);

}  // namespace worker::secrets
