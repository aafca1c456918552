// A FEEL number: IEEE 754 decimal128, 34 digits, half-even, which keeps its scale (1.50 is not
// 1.5 as text, but equal to it). Plain value, 16 bytes; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace worker::feel {

// The names of java.math.RoundingMode.
enum class rounding { half_even, half_up, half_down, up, down, floor, ceiling };

class number {
 public:
  number() : number(std::int64_t{0}) {}
  explicit number(std::int64_t whole);

  // As java.math.BigDecimal reads: an optional sign, digits with an optional point before, between
  // or behind them, an optional exponent; nothing when `text` is anything else.
  static std::optional<number> parse(std::string_view text);
  // By the shortest text that gives this double again, written as Java does: 100.0 has one digit
  // after the point. Nothing for NaN and the infinities.
  static std::optional<number> from_double(double value);

  friend number operator+(const number& a, const number& b);
  friend number operator-(const number& a, const number& b);
  friend number operator*(const number& a, const number& b);
  // `b` is not zero.
  friend number operator/(const number& a, const number& b);
  // What a whole division leaves, with the sign of `a`. Nothing when `b` is zero, or the quotient
  // has more digits than a number can.
  friend std::optional<number> remainder(const number& a, const number& b);
  number operator-() const;
  number absolute() const;
  // To the power of a whole number; nothing where Java refuses (0 to a negative power, exponents
  // beyond 999999999).
  std::optional<number> power(std::int64_t exponent) const;

  friend bool operator==(const number& a, const number& b) { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const number& a, const number& b);

  bool is_zero() const;
  bool is_negative() const;  // below zero
  bool is_finite() const;    // a result beyond 10^6144 is not
  bool is_whole() const;     // by value: 1.0 is
  // Digits after the point; negative for 1E+2.
  int scale() const;
  // Rounded to this many digits after the point. What would need more than 34 digits stays as it
  // is.
  number rounded(int scale, rounding mode) const;

  // When it is whole and fits.
  std::optional<std::int64_t> to_int64() const;
  // The whole part, cut to its lowest 32 bits, as Java's BigDecimal.intValue gives.
  std::int32_t to_int32() const;
  double to_double() const;

  // As java.math.BigDecimal: with an exponent where that writes one.
  std::string to_string() const;
  // Never with an exponent.
  std::string to_plain_string() const;
  // As the connector runtime writes a process variable: an integer when it is whole and fits into
  // 64 bits, else a Java double ("Infinity" in quotes when it is too large for one).
  std::string to_json() const;

 private:
  struct bits {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
  };
  explicit number(bits b) : bits_(b) {}
  friend struct decimal_bits;
  bits bits_;
};

// Text of a double as Java's Double.toString writes it: 1.0E-4, 100.0.
std::string java_text(double value);

}  // namespace worker::feel
