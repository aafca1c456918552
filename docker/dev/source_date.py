"""The one time that everything built has, so that the same sources give the same bytes."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def source_date():
    """Seconds: SOURCE_DATE_EPOCH, else the time of the last commit, else 0 (no git, no work tree)."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    done = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "log", "-1", "--format=%ct"],
                          capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else 0
