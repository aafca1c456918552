// Makes inputs out of seeds: the same numbers give the same inputs on every machine. Pure.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "tests/fuzz/target.h"

namespace fuzz {

using random = std::mt19937_64;

// Evenly from 0 to below - 1; not the standard's distribution, which differs between libraries.
std::size_t pick(random& from, std::size_t below);

// One to four changes: bytes flipped, cut out, doubled, replaced by pieces of the dictionary or of
// another seed. At most `most` bytes.
std::string changed(std::string input, const target& of, random& from, std::size_t most);

// The input of that number: the seeds first, then changes of them, now and then plain noise.
std::string input_of(const target& of, std::uint64_t number);

}  // namespace fuzz
