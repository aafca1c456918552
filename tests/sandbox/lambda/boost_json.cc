// Boost.JSON has no library package of its own here: its headers are compiled once, in this file.
#include <boost/json/src.hpp>
