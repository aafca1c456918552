#!/usr/bin/env python3
"""Cost curves: the worker's processor time and memory over jobs in flight, payload, functions, job
types and secrets.

Runs lambda-bench at each point, writes one SVG for each curve beside this file, and says whether
the curve is flat or linear. Standard library only.
Usage: curves.py LAMBDA-BENCH LAMBDA-CONNECTOR [CURVE...]
"""
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

# Name, axis, and the points: value, jobs in flight, function time in ms, options of lambda-bench.
# Where jobs in flight differ, the function's time keeps the rate at 2,000 jobs a second.
CURVES = {
    "in_flight": (
        "jobs in flight",
        [(n, n, n // 2, []) for n in (1, 8, 32, 128, 500, 2000, 10000)],
    ),
    "payload": (
        "bytes of payload, sent and answered",
        [(n, 32, 0, ["--payload", str(n)]) for n in (200, 1000, 10_000, 100_000, 1_000_000)],
    ),
    "functions": (
        "functions, called in turns",
        [(n, 32, 0, ["--functions", str(n)]) for n in (1, 10, 100, 1000, 10_000)],
    ),
    "types": (
        "job types, in turns",
        [(n, 32, 0, ["--types", str(n)]) for n in (1, 2, 5, 10, 20, 50)],
    ),
    "secrets": (
        "secrets, of which each job names one",
        [(n, 32, 0, ["--secrets", str(n)]) for n in (0, 1, 10, 100, 1000)],
    ),
}
LARGEST_PAYLOAD = 6_000_000  # bytes; Lambda takes 6 MB

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 70, 70, 30, 50


def measure(bench, worker, in_flight, delay, options, alone=True):
    """The figures of one point, by process."""
    # Calls of a few seconds need several rounds of them to be seen.
    seconds = max(3000, 3 * delay)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run(
            [bench, "--worker", worker, "--points-alone" if alone else "--no-loads", "--rounds", "1",
             "--points-in-flight", str(in_flight), "--points-delay", str(delay),
             "--warm-up-ms", str(max(1000, 4 * delay)), "--measure-ms", str(seconds),
             "--json", file.name] + options,
            check=True, stdout=subprocess.DEVNULL, timeout=300)
        return json.load(file)["points"][0]


def sha256_us(size):
    """Processor time of one SHA-256 of so many bytes."""
    data, rounds = bytes(size), max(3, 50_000_000 // size)
    start = time.process_time()
    for _ in range(rounds):
        hashlib.sha256(data).digest()
    return (time.process_time() - start) / rounds * 1e6


def compare_payload(bench, worker):
    """Next to what nobody can leave out: TLS, the kernel and gRPC (the floor), and the signature's hash."""
    for size in (100_000, 1_000_000):
        point = measure(bench, worker, 32, 0, ["--payload", str(size)], alone=False)
        least = point["floor"]["cpu_us_per_job"] + sha256_us(size)
        ours = point["worker"]["cpu_us_per_job"]
        print(f"payload {size}: worker {ours:.0f} us, floor and SHA-256 {least:.0f} us, ratio {ours / least:.2f}",
              flush=True)
    small, large = (measure(bench, worker, 2, 0, ["--payload", str(size)])["worker"]["rss_mb"]
                    for size in (200, LARGEST_PAYLOAD))
    extra = (large - small) / 2
    print(f"payload {LARGEST_PAYLOAD}: {extra:.1f} MiB more for each of two jobs (<= 20)", flush=True)


def shape(points):
    """Flat: the dearest point costs at most a quarter more than the cheapest. Else the line through all points."""
    costs = [cpu for _, cpu, _ in points]
    if max(costs) <= 1.25 * min(costs):
        return f"flat, {min(costs):.0f} to {max(costs):.0f} us"
    xs = [value for value, _, _ in points]
    mid_x, mid_y = sum(xs) / len(xs), sum(costs) / len(costs)
    slope = (sum((x - mid_x) * (y - mid_y) for x, y in zip(xs, costs))
             / sum((x - mid_x) ** 2 for x in xs))
    off = max(abs(y - mid_y - slope * (x - mid_x)) for x, y in zip(xs, costs))
    return f"{slope * 1000:.2f} ns for each, at most {off:.0f} us off that line"


def nice_top(most):
    step = 10 ** math.floor(math.log10(most))
    return next(step * n for n in (1, 2, 3, 4, 5, 6, 8, 10) if step * n >= most)


def picture(axis, points):
    """SVG text: processor time on the left, memory on the right, both from zero."""
    # A curve may begin at nothing.
    place = lambda value: math.log10(value + (1 if points[0][0] == 0 else 0))
    first, last = place(points[0][0]), place(points[-1][0])
    cpu_top = nice_top(max(cpu for _, cpu, _ in points))
    rss_top = nice_top(max(rss for _, _, rss in points))
    x_of = lambda value: LEFT + (place(value) - first) / (last - first) * (WIDTH - LEFT - RIGHT)
    y_of = lambda part: HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for quarter in range(5):
        y = y_of(quarter / 4)
        out.append(f'<line x1="{LEFT}" y1="{y:.0f}" x2="{WIDTH - RIGHT}" y2="{y:.0f}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end" fill="#0b5394">{cpu_top * quarter / 4:g}</text>')
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{y + 4:.0f}" fill="#b45f06">{rss_top * quarter / 4:g}</text>')
    for value, _, _ in points:
        out.append(f'<text x="{x_of(value):.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,}</text>')
    for index, top, colour in ((1, cpu_top, "#0b5394"), (2, rss_top, "#b45f06")):
        at = [(x_of(point[0]), y_of(point[index] / top)) for point in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in at]
    out.append(f'<text x="{LEFT}" y="18" fill="#0b5394">processor time, us per job</text>')
    out.append(f'<text x="{WIDTH - RIGHT}" y="18" text-anchor="end" fill="#b45f06">peak memory, MiB</text>')
    out.append(f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">{axis}</text>')
    return "\n".join(out + ["</svg>", ""])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    bench, worker = sys.argv[1:3]
    for name in sys.argv[3:] or CURVES:
        axis, wanted = CURVES[name]
        points = []
        for value, in_flight, delay, options in wanted:
            figures = measure(bench, worker, in_flight, delay, options)["worker"]
            cpu, rss = figures["cpu_us_per_job"], figures["rss_mb"]
            points.append((value, cpu, rss))
            print(f"{name} {value}: {cpu:.0f} us a job, {rss:.0f} MiB", flush=True)
        with open(os.path.join(HERE, f"cost_over_{name}.svg"), "w", encoding="ascii") as file:
            file.write(picture(axis, points))
        print(f"{name}: {shape(points)}", flush=True)
        if name == "payload":
            compare_payload(bench, worker)


if __name__ == "__main__":
    main()
