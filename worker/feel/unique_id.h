// What an evaluation takes from chance: UUIDs and random numbers.
#pragma once

#include <cstdint>
#include <string>

#include "worker/feel/environment.h"

namespace worker::feel {

// A UUID of version 7 (RFC 9562): the moment of the environment in milliseconds, else random.
std::string unique_id(const environment& surroundings);

// At least 0 and below 1, with the 53 bits of a double.
double random_fraction(const environment& surroundings);

}  // namespace worker::feel
