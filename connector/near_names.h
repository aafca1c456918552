// Names that were probably meant: "did you mean". Part of the door. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace connector {

// The known name nearest to a wrong one, for "did you mean"; nothing when none is near.
std::optional<std::string_view> nearest(std::string_view wrong,
                                        std::span<const std::string_view> known);

}  // namespace connector
