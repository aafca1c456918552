"""FEEL-Scala, called as the connector runtime calls it: fetched and built once, and asked about a file of cases.

`artifacts.Missing` when there is no Java compiler, no Maven, or no network. The differences that are known are lines of
feel/known_differences.txt.
"""

import pathlib
import re
import subprocess
import sys

import artifacts
import harness
import packages

HERE = pathlib.Path(__file__).resolve().parent / "feel"

_ANSWER_TIME = 600


def prepare():
    """The words that start Oracle.java."""
    folder = packages.java_folder("feel-oracle", HERE, "Oracle.java", "FEEL-Scala")
    return [packages.java(), "-cp", f"{folder}:{folder}/jars/*", "Oracle"]


def answered(seed, count, folder):
    """A file with that many generated cases and the answer of FEEL-Scala to each."""
    questions, answers = folder / "questions.jsonl", folder / "answers.jsonl"
    told = harness.tool([sys.executable, "-B", HERE / "expressions.py", seed, count], 120, "generating expressions", PYTHONIOENCODING="utf-8")
    questions.write_text(told, encoding="utf-8")
    with open(questions, "rb") as given, open(answers, "wb") as taken:
        done = subprocess.run([str(word) for word in prepare()], stdin=given, stdout=taken, stderr=subprocess.PIPE,
                              timeout=_ANSWER_TIME, check=False)
    if done.returncode != 0:
        raise harness.Failed(f"FEEL-Scala ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")
    return answers


def unexplained(report):
    """Of what the comparing program printed, the differences that no line of the list explains, and how many it does."""
    lines = [line for line in (HERE / "known_differences.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    known = [re.compile(line.split("\t")[0]) for line in lines]
    left, explained = [], 0
    # A case is its id and expression in one line, and what is different in the next ones, with blanks before them.
    for case in re.split(r"\n(?=\S)", report.strip()):
        head = case.split("\n")[0]
        if any(pattern.search(head) for pattern in known):
            explained += 1
        else:
            left.append(case)
    return left, explained
