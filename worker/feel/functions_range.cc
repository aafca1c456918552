// Built-in functions of the family "range": how points and ranges lie to each other.
#include "worker/feel/function_table.h"
#include "worker/feel/range_relations.h"

namespace worker::feel {

namespace {

using enum range_relation;

template <range_relation Which>
value run(call& of) {
  if (!comparable(of[0], of[1])) return of.no_match();
  const auto answer = relates(Which, of[0], of[1]);
  return answer ? value(*answer) : of.fail("there is no such relation of a point and a range");
}

constexpr std::array range_table{
    function_row{"before",
                 {"point1", "point2"},
                 run<before>,
                 "Whether the first lies before the second: points and ranges."},
    function_row{"before", {"point", "range"}, run<before>, "The same."},
    function_row{"before", {"range", "point"}, run<before>, "The same."},
    function_row{"before", {"range1", "range2"}, run<before>, "The same."},
    function_row{"after",
                 {"point1", "point2"},
                 run<after>,
                 "Whether the first lies behind the second: points and ranges."},
    function_row{"after", {"point", "range"}, run<after>, "The same."},
    function_row{"after", {"range", "point"}, run<after>, "The same."},
    function_row{"after", {"range1", "range2"}, run<after>, "The same."},
    function_row{"meets",
                 {"range1", "range2"},
                 run<meets>,
                 "Whether the first ends with the point that the second starts with."},
    function_row{"met by", {"range1", "range2"}, run<met_by>, "The same with the ranges changed."},
    function_row{"overlaps",
                 {"range1", "range2"},
                 run<overlaps>,
                 "Whether the ranges have points in common."},
    function_row{"overlaps before",
                 {"range1", "range2"},
                 run<overlaps_before>,
                 "Whether the first starts before the second and ends in it."},
    function_row{"overlaps after",
                 {"range1", "range2"},
                 run<overlaps_after>,
                 "The same with the ranges changed."},
    function_row{"finishes",
                 {"point", "range"},
                 run<finishes>,
                 "Whether the first is the end of the second."},
    function_row{"finishes", {"range1", "range2"}, run<finishes>, "The same of two ranges."},
    // FEEL-Scala has the names of these two parameters the wrong way round.
    function_row{"finished by",
                 {"point", "range"},
                 run<finished_by>,
                 "Whether the first, a range, ends with the second."},
    function_row{"finished by", {"range1", "range2"}, run<finished_by>, "The same of two ranges."},
    function_row{
        "includes", {"range", "point"}, run<includes>, "Whether the second lies in the first."},
    function_row{"includes", {"range1", "range2"}, run<includes>, "The same of two ranges."},
    function_row{
        "during", {"point", "range"}, run<during>, "Whether the first lies in the second."},
    function_row{"during", {"range1", "range2"}, run<during>, "The same of two ranges."},
    function_row{
        "starts", {"point", "range"}, run<starts>, "Whether the first is the start of the second."},
    function_row{"starts", {"range1", "range2"}, run<starts>, "The same of two ranges."},
    function_row{"started by",
                 {"range", "point"},
                 run<started_by>,
                 "Whether the first starts with the second."},
    function_row{"started by", {"range1", "range2"}, run<started_by>, "The same of two ranges."},
    function_row{"coincides",
                 {"point1", "point2"},
                 run<coincides>,
                 "Whether two points, or two ranges, are the same."},
    function_row{"coincides", {"range1", "range2"}, run<coincides>, "The same."},
};

}  // namespace

std::span<const function_row> range_functions() { return range_table; }

}  // namespace worker::feel
