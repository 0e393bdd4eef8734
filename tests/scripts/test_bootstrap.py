"""Finding what set-up needs, on machines made of a temporary folder and an environment."""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from shlex import quote
from types import SimpleNamespace

import pytest

from penbot.settings import ROOT

# Says to be of a version, and may lack a module; runs the test it is given (`-c`, code) all the same.
PRETENDS = "import sys; sys.version_info = {version}; {lacks}exec(sys.argv[2])"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """An empty machine: no tool on its PATH, no version manager, no earlier set-up."""
    for variable in ("PENBOT_PYTHON", "PYENV_ROOT", "ASDF_DATA_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


@pytest.fixture
def bootstrap(machine, monkeypatch):
    """The script as another Python would run it, writing to the machine's folder instead of the checkout."""
    spec = spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TOOLS", str(machine / ".tools"))
    monkeypatch.setattr(module, "VENV", str(machine / ".venv"))
    monkeypatch.setattr(module, "STAMP", str(machine / "penbot-pronto"))
    # This Python is 3.10, so it would always be the one found; the real machine may have others in /usr/local.
    monkeypatch.setattr(module, "sys", SysOf((3, 12)))
    monkeypatch.setattr(module, "glob", SimpleNamespace(glob=inside(machine, module.glob.glob)))
    return module


class SysOf:
    """The real sys, but of another version."""

    def __init__(self, version):
        self.version_info = version

    def __getattr__(self, name):
        return getattr(sys, name)


def inside(folder, find):
    return lambda pattern: [path for path in find(pattern) if path.startswith(f"{folder}{os.sep}")]


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def real_python(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(Path(sys.executable).resolve())
    return str(path)


def pretending(path, version, lacks=""):
    code = PRETENDS.format(version=version, lacks=lacks)
    return script(path, f'exec {quote(sys.executable)} -c {quote(code)} "$@"')


def uv(machine, **steps):
    """A uv on the PATH that runs; each step of its work, by first word, is a line of shell. The others fail."""
    cases = " ".join(f"{word}) {line};;" for word, line in steps.items())
    return script(machine / "bin/uv", f'case "$1" in --version) exit 0;; {cases} *) exit 2;; esac')


# --- Python 3.10 -------------------------------------------------------------


def test_a_shim_that_exists_and_fails_is_passed_over(bootstrap, machine):
    shim = script(machine / "bin/python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    real = real_python(machine / ".pyenv/versions/3.10.13/bin/python3.10")

    assert list(bootstrap.candidates())[1] == shim
    assert bootstrap.find_python(uv(machine)) == real


def test_a_shim_that_is_no_program_is_passed_over(bootstrap, machine):
    (machine / "bin").mkdir()
    (machine / "bin/python3.10").write_text("nem executável é")
    real = real_python(machine / ".pyenv/versions/3.10.13/bin/python3.10")

    assert bootstrap.find_python(uv(machine)) == real


@pytest.mark.parametrize("variable", ["PYENV_ROOT", None], ids=["PYENV_ROOT", "HOME"])
def test_a_python_of_pyenv_is_found(bootstrap, machine, monkeypatch, variable):
    root = machine / ("outro/pyenv" if variable else ".pyenv")
    if variable:
        monkeypatch.setenv(variable, str(root))
    real = real_python(root / "versions/3.10.13/bin/python3.10")

    assert bootstrap.find_python(uv(machine)) == real


def test_the_python_that_is_told_comes_first(bootstrap, machine, monkeypatch):
    real_python(machine / "bin/python3.10")
    told = real_python(machine / "outro/python")
    monkeypatch.setenv("PENBOT_PYTHON", told)

    assert bootstrap.find_python(uv(machine)) == told


def test_the_python_that_runs_the_script_is_taken_if_it_is_3_10(bootstrap, machine, monkeypatch):
    real_python(machine / "bin/python3.10")
    monkeypatch.setattr(bootstrap, "sys", SysOf((3, 10, 0)))

    assert bootstrap.find_python(uv(machine)) == sys.executable


@pytest.mark.parametrize(
    ("version", "usable"), [((3, 10, 13), True), ((3, 9, 18), False), ((3, 11, 7), False), ((2, 7, 18), False)]
)
def test_only_a_python_3_10_is_usable(bootstrap, machine, version, usable):
    assert bootstrap.usable(pretending(machine / "bin/python3.10", version)) is usable


@pytest.mark.parametrize("module", ["ssl", "sqlite3", "ctypes"])
def test_a_python_built_without_what_rasa_needs_is_not_usable(bootstrap, machine, module):
    lame = pretending(machine / "bin/python3.10", (3, 10, 13), f"sys.modules[{module!r}] = None; ")

    assert not bootstrap.usable(lame)


@pytest.mark.parametrize("path", [None, "", "/nao/existe/python3.10"])
def test_what_is_not_there_is_not_usable(bootstrap, path):
    assert not bootstrap.usable(path)


def test_without_any_uv_is_asked_for_one(bootstrap, machine):
    real = real_python(machine / "de_uv/bin/python3.10")

    assert bootstrap.find_python(uv(machine, python=f'[ "$2" = install ] || echo {quote(real)}')) == real


@pytest.mark.parametrize("python", ["exit 1", "exit 0"], ids=["uv fails", "uv finds nothing"])
def test_without_any_at_all_it_says_which_python_to_install(bootstrap, machine, python):
    with pytest.raises(bootstrap.Stop, match=r"precisa do Python 3\.10.* Instale-o") as told:
        bootstrap.find_python(uv(machine, python=python))

    assert "PENBOT_PYTHON=" in str(told.value)


# --- uv ----------------------------------------------------------------------


def test_the_uv_of_the_path_is_used_if_it_runs(bootstrap, machine):
    of_the_path = uv(machine)
    script(machine / ".tools/bin/uv", "exit 0")

    assert bootstrap.find_uv() == of_the_path


def test_a_uv_of_the_path_that_fails_is_passed_over(bootstrap, machine):
    script(machine / "bin/uv", "exit 127")
    own = script(machine / ".tools/bin/uv", "exit 0")

    assert bootstrap.find_uv() == own


# --- the whole ---------------------------------------------------------------


def test_when_nothing_changed_nothing_is_done(bootstrap, machine, capsys):
    Path(bootstrap.STAMP).write_text(bootstrap.fingerprint())
    before = sorted(machine.rglob("*"))

    assert bootstrap.main() == 0

    assert sorted(machine.rglob("*")) == before
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def ready(bootstrap, machine):
    """A machine with all that set-up needs; its uv writes down how it was called."""
    real_python(machine / ".pyenv/versions/3.10.13/bin/python3.10")
    script(machine / ".venv/bin/python", "exit 0")
    called = machine / "called"
    uv(machine, sync=f'echo "$@" UV_PYTHON_DOWNLOADS=$UV_PYTHON_DOWNLOADS >> {quote(str(called))}')
    return called


def test_set_up_builds_from_the_lock_with_the_python_found_and_only_once(bootstrap, machine, ready):
    assert [bootstrap.main(), bootstrap.main()] == [0, 0]

    python = machine / ".pyenv/versions/3.10.13/bin/python3.10"
    assert ready.read_text().splitlines() == [f"sync --quiet --locked --python {python} UV_PYTHON_DOWNLOADS=never"]


def test_a_stamp_of_another_lock_is_no_stamp(bootstrap, ready):
    Path(bootstrap.STAMP).write_text("de outro uv.lock")

    assert bootstrap.main() == 0

    assert ready.exists()
    assert Path(bootstrap.STAMP).read_text() == bootstrap.fingerprint()


def test_a_failure_is_told_in_one_sentence_and_tried_again_next_time(bootstrap, machine, ready, capsys):
    uv(machine, sync="exit 2")

    assert bootstrap.main() == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("preparo: o comando falhou: ")
    assert not Path(bootstrap.STAMP).exists()
