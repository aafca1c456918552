// Numbers that broke readers, for everything that reads one. Plain values.
#pragma once

#include <string>
#include <vector>

namespace fuzz {

inline std::vector<std::string> number_seeds() {
  const std::string zeros(300, '0');
  return {
      "0",
      "1",
      "50",
      "900",
      "43200",
      "65535",
      "65536",
      "-1",
      "-0",
      "+1",
      "007",
      "1.0",
      "1e2",
      "1E+2",
      "1e-2",
      ".5",
      "5.",
      "1e",
      "--1",
      "0x10",
      "1_000",
      "1,000",
      " 1",
      "1 ",
      "1\n",
      "s ::1",
      std::string("s\n::\0z", 6),
      "NaN",
      "Infinity",
      "2147483647",
      "2147483648",
      "4294967296",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775808",
      "-9223372036854775809",
      "18446744073709551615",
      "18446744073709551616",
      "1000000000000000000",
      "999999999999",
      // Exponents that RapidJSON 1.1.0 takes for an index into its powers of ten.
      "0.00000000001e-2147483639",
      "-0.00000000001e-2147483639",
      "1.0000000000000000000001e-2147483639",
      "1e-2147483639",
      "1e2147483639",
      "1e-99999999999999999999",
      "1e400",
      "0." + zeros + "1e-2147483639",
      "1" + zeros + "e-2147483639",
      std::string(400, '9'),
      std::string(400, '9') + "e-2147483639",
      zeros + "1",
  };
}

inline std::vector<std::string> number_words() {
  return {"0",    "1",  "9",           "-",  "+", ".",  "e", "E", "e-", "e-2147483639",
          "e400", "00", "99999999999", "ms", "s", "MB", ":", " "};
}

// Each seed between `before` and `after`.
inline void add_numbers(std::vector<std::string>& to, const std::string& before,
                        const std::string& after) {
  for (const auto& each : number_seeds()) to.push_back(before + each + after);
}

}  // namespace fuzz
