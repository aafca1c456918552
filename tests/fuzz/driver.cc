// A libFuzzer program for the target LC_FUZZ_TARGET: libFuzzer's changes, and a quarter of the time
// the generator's, which knows the seeds and the dictionary.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/fuzz/generator.h"
#include "tests/fuzz/target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

const fuzz::target& tested() {
  static const fuzz::target one = fuzz::LC_FUZZ_TARGET();
  return one;
}

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto wrong = tested().run(text_of(data, size));
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "%s\n", wrong.c_str());
  std::abort();
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  fuzz::random from(seed);
  if (fuzz::pick(from, 4) != 0) return LLVMFuzzerMutate(data, size, most);
  const auto made = fuzz::changed(std::string(text_of(data, size)), tested(), from, most);
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
