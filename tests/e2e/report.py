"""What a person reads: one line per case, the reasons of what failed, and a last line with the two numbers."""

import time


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def ok(self, where, title, seconds):
        self.passed += 1
        self._line("ok  ", where, title, f"{seconds:.1f} s")

    def fail(self, where, title, seconds, reason, logs=()):
        """`logs`: pairs of a program's name and the end of its log."""
        self.failed += 1
        self._line("FAIL", where, title, f"{seconds:.1f} s")
        for line in str(reason).splitlines():
            print(f"       {line}")
        for name, tail in logs:
            print(f"       --- end of the log of {name}")
            for line in tail.splitlines():
                print(f"       | {line}")

    def skip(self, where, title, reason):
        self.skipped += 1
        self._line("skip", where, title, reason)

    @staticmethod
    def _line(mark, where, title, tail):
        print(f"{mark} {where:<22} {title} ({tail})", flush=True)

    def close(self, started):
        if self.skipped:
            print(f"{self.skipped} skipped, for the reasons above")
        print(f"took {time.monotonic() - started:.0f} s")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.failed == 0 and self.passed + self.skipped > 0 else 1
