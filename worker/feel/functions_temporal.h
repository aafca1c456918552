// What the two files of temporal functions share. Pure.
#pragma once

#include <optional>

#include "worker/feel/value.h"

namespace worker::feel {

// The date of a date, or of a date and time; nothing for all else.
std::optional<date> date_in(const value& of);

}  // namespace worker::feel
