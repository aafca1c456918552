#include "tests/fuzz/generator.h"

#include <algorithm>

namespace fuzz {

namespace {

constexpr std::size_t max_bytes = 4096;

std::string noise(random& from, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (char& c : out) c = static_cast<char>(pick(from, 256));
  return out;
}

const std::string& any(const std::vector<std::string>& of, random& from) {
  static const std::string nothing;
  return of.empty() ? nothing : of[pick(from, of.size())];
}

std::string piece(const std::string& of, random& from) {
  const std::size_t at = pick(from, of.size() + 1);
  return of.substr(at, pick(from, of.size() - at + 1));
}

void change(std::string& input, const target& of, random& from) {
  const std::size_t at = pick(from, input.size() + 1);
  switch (pick(from, 7)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(pick(from, 256));
      break;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << pick(from, 8)));
      break;
    case 2:
      input.erase(at, pick(from, 8) == 0 ? std::string::npos : pick(from, 16));
      break;
    case 3:
      input.insert(at, any(of.dictionary, from));
      break;
    case 4: {
      const auto& word = any(of.dictionary, from);
      input.replace(at, std::min(word.size(), input.size() - at), word);
      break;
    }
    case 5:
      input.insert(at, piece(any(of.seeds, from), from));
      break;
    default: {
      // Many times the same: depth and length.
      const std::string part = piece(input, from).substr(0, 16);
      const std::size_t times = std::size_t{1} << pick(from, 8);
      for (std::size_t i = 0; i < times && input.size() < max_bytes; ++i) input.insert(at, part);
    }
  }
}

}  // namespace

std::size_t pick(random& from, std::size_t below) { return below == 0 ? 0 : from() % below; }

std::string changed(std::string input, const target& of, random& from, std::size_t most) {
  for (std::size_t left = 1 + pick(from, 4); left > 0; --left) change(input, of, from);
  if (input.size() > most) input.resize(most);
  return input;
}

std::string input_of(const target& of, std::uint64_t number) {
  if (number < of.seeds.size()) return of.seeds[number];
  random from(number);
  if (pick(from, 16) == 0) return noise(from, pick(from, 64));
  std::string input = changed(any(of.seeds, from), of, from, max_bytes);
  // Some are changed over and over, away from everything expected.
  for (std::size_t more = pick(from, 8) == 0 ? 8 : 0; more > 0; --more) {
    input = changed(std::move(input), of, from, max_bytes);
  }
  return input;
}

}  // namespace fuzz
