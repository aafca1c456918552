// URLs taken apart: the one place that calls the parser of Boost.URL. Pure.
#pragma once

#include <boost/url/url_view.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace connector {

struct uri {
  uri() = default;
  uri(const uri&) = delete;
  uri& operator=(const uri&) = delete;

  std::string text;
  boost::urls::url_view parts;  // of `text`
};

// Null when `text` is no URL with a scheme. Boost.URL 1.81 by itself ends the host of
// http://10.0.0.1.example:8080/ behind the address that the name begins with, and takes the rest,
// the port too, for the path.
std::unique_ptr<const uri> parse_uri(std::string_view text);

}  // namespace connector
