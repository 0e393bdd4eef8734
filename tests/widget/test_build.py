"""The one file that portals embed."""

import gzip
import re
import subprocess
import sys

from penbot.settings import ROOT
from tests.needs import needs

BUILT = ROOT / "widget" / "dist" / "widget.js"
SRI = ROOT / "widget" / "dist" / "widget.js.sri"
LARGEST = 20_000  # bytes with gzip


def script(*arguments):
    command = [sys.executable, "scripts/widget.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_it_is_small():
    assert len(gzip.compress(BUILT.read_bytes(), 9)) <= LARGEST


def test_it_calls_nothing_from_outside():
    hosts = set(re.findall(r"https?://([\w.-]+)", BUILT.read_text(encoding="utf-8")))

    assert hosts <= {"www.w3.org"}  # the name of SVG


def test_it_is_what_the_sources_make_and_its_hash_is_written(node):
    before = (BUILT.read_bytes(), SRI.read_text(encoding="ascii"))
    done = script("build")

    assert done.returncode == 0, done.stderr
    after = (BUILT.read_bytes(), SRI.read_text(encoding="ascii"))
    if after != before:
        BUILT.write_bytes(before[0])
        SRI.write_text(before[1], encoding="ascii")
    assert after == before, "as fontes mudaram: rode `make widget` e guarde o resultado"


def test_the_types_are_right(node):
    done = script("types")
    needs("" if done.returncode == 0 or "error TS" in done.stdout else done.stderr[-200:])

    assert done.returncode == 0, done.stdout
