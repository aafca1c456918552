#include "worker/admin/status_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <utility>

#include "worker/admin/status_page_text.h"

namespace worker::admin {

namespace {

constexpr int chart_height = 80;
constexpr int bar_step = 4;

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string row(std::initializer_list<std::string_view> cells) {
  std::string out = "<tr>";
  for (const auto cell : cells) out += "<td>" + escaped(cell) + "</td>";
  return out + "</tr>";
}

std::string rows_or_none(std::string rows, int columns) {
  if (!rows.empty()) return rows;
  return fmt::format("<tr><td class=\"none\" colspan=\"{}\">none</td></tr>", columns);
}

std::string figures_html(const status_facts& from) {
  std::string out;
  for (const auto& each : figures_of(from)) {
    out += fmt::format("<div><dt>{}</dt><dd{}>{}</dd></div>", escaped(each.label),
                       each.bad ? " class=\"bad\"" : "", escaped(each.value));
  }
  return out;
}

std::uint64_t sum_of(const minute_counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::string chart_html(const status_chart& chart) {
  std::uint64_t most = 1;
  for (const auto& minute : chart.minutes) most = std::max(most, sum_of(minute));
  std::string bars;
  for (std::size_t at = 0; at < chart.minutes.size(); ++at) {
    double low = chart_height;
    for (std::size_t kind = 0; kind < minute_counts().size(); ++kind) {
      const auto count = chart.minutes.at(at).at(kind);
      if (count == 0) continue;
      const double tall = static_cast<double>(count) * chart_height / static_cast<double>(most);
      low -= tall;
      bars +=
          fmt::format("<rect class=\"c{}\" x=\"{}\" y=\"{:.2f}\" width=\"3\" height=\"{:.2f}\"/>",
                      kind, at * bar_step, low, tall);
    }
  }
  return fmt::format(
      "<figure><svg viewBox=\"0 0 240 80\" preserveAspectRatio=\"none\">{}</svg><figcaption>{}"
      "<small>{} completed, {} threw an error, {} failed, {} ended otherwise; at most {} a minute"
      "</small></figcaption></figure>",
      bars, escaped(chart.type), chart.hour[0], chart.hour[1], chart.hour[2], chart.hour[3], most);
}

std::string charts_html(const status_facts& from) {
  std::string out;
  for (const auto& each : charts_of(from)) out += chart_html(each);
  return out;
}

std::string calls_html(const status_facts& from) {
  std::string out;
  for (const auto& [call, count] : from.now.calls.results()) {
    out += row({call.first, call.second, std::to_string(count)});
  }
  return rows_or_none(std::move(out), 3);
}

std::string failures_html(const status_facts& from) {
  std::string out;
  for (const auto& each : failures_of(from)) {
    out += row({each.time, each.end, each.code, each.type, each.function, each.process,
                each.element, each.job_key});
  }
  return rows_or_none(std::move(out), 8);
}

std::string settings_html(const status_facts& from) {
  std::string out;
  for (const auto& each : from.changed) out += row({each.key, each.value, each.source});
  return rows_or_none(std::move(out), 3);
}

}  // namespace

html_page status_page(const status_facts& from, std::string_view nonce) {
  const std::initializer_list<std::pair<std::string_view, std::string>> parts = {
      {"nonce", std::string(nonce)},     {"figures", figures_html(from)},
      {"charts", charts_html(from)},     {"calls", calls_html(from)},
      {"failures", failures_html(from)}, {"settings", settings_html(from)}};
  html_page out;
  auto rest = status_page_text;
  // Pieces between two marks are parts of the page or names of parts.
  for (std::size_t mark; (mark = rest.find('@')) != std::string_view::npos;) {
    out.html += rest.substr(0, mark);
    rest.remove_prefix(mark + 1);
    const auto end = rest.find('@');
    const auto name = rest.substr(0, std::min(end, rest.size()));
    const auto* found = std::find_if(parts.begin(), parts.end(),
                                     [name](const auto& part) { return part.first == name; });
    if (found == parts.end()) {
      out.html += '@';
      continue;
    }
    out.html += found->second;
    rest.remove_prefix(end + 1);
  }
  out.html += rest;
  out.content_security_policy = fmt::format(
      "default-src 'none'; style-src 'nonce-{0}'; script-src 'nonce-{0}'; connect-src 'self'; "
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      nonce);
  return out;
}

}  // namespace worker::admin
