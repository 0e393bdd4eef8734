"""Lets Rasa 3.6 be imported where TensorFlow is not installed.

Rasa's modules import TensorFlow, and name its classes as bases, types and decorators, whether a
pipeline uses them or not. Ours does not. `install` makes those imports find an empty package: any name in
it can be a base, a type or a decorator; calling one for its work raises AbsentError. Environment,
memory and start-up with and without: docs/decisoes/003, which also tells the way back.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

PACKAGES = ("tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras")
RASA_VERSION = "3.6.21"
"""The version this was made for; a test fails when another is installed."""


class AbsentError(RuntimeError):
    """A component that needs TensorFlow was used."""


class _AbsentType(type):
    """Its classes have every attribute, may be parametrised, joined with `|`, and used as decorators."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(name)

    def __getitem__(cls, parameters: Any) -> type:
        return cls

    def __or__(cls, other: Any) -> type:  # type: ignore[override]
        return cls

    def __ror__(cls, other: Any) -> type:  # type: ignore[override]
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, type)):
            return args[0]  # a bare decorator
        if cls.__module__ == __name__:
            return _Decorator()  # a decorator with arguments: @tf.function(...)
        return super().__call__(*args, **kwargs)


class _Decorator:
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and isinstance(args[0], (FunctionType, type)):
            return args[0]
        raise AbsentError("este componente do Rasa precisa do TensorFlow, que não está instalado")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def _absent(name: str) -> type:
    return _AbsentType(name, (), {"__module__": __name__})


class _AbsentModule(ModuleType):
    __version__ = "2.12.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _absent(name)
        setattr(self, name, value)
        return value


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in PACKAGES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the names come when they are asked for."""


def install() -> None:
    """Call before rasa is imported. Does nothing where TensorFlow is there."""
    if not installed() and importlib.util.find_spec("tensorflow") is None:
        importlib.import_module("thinc.compat")  # spaCy's base looks for TensorFlow once: let it see the truth
        sys.meta_path.insert(0, _Finder())


def installed() -> bool:
    return any(isinstance(finder, _Finder) for finder in sys.meta_path)
