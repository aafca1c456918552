// What a setting says of the log (log.h): from which level on, and in which form. Constants.
#pragma once

namespace connector::log {

enum class level { debug, info, warning, error, off };
enum class format { json, text };

}  // namespace connector::log
