"""Read knowledge/ into one immutable snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

from penbot.knowledge.model import (
    Channel,
    Deadline,
    Facet,
    FormField,
    Knowledge,
    Link,
    Organs,
    Product,
    Question,
    SmallTalk,
    Subject,
    Term,
)
from penbot.language.text import phrase

T = TypeVar("T")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times as fast
_FOLDERS = ("", "produtos", "canais", "topicos", "faq")
_NESTED = {"links": Link, "saber_mais": Link, "prazo": Deadline}


class ContentError(Exception):
    """A content file cannot be read. The message is for its editor: path, line, what is wrong."""


def load(root: Path) -> Knowledge:
    """The content of a folder; files whose name begins with `_` are none.

    Raises ContentError for a file that is missing, is not YAML, or lacks or mistakes a key.
    """
    paths = sorted(path for folder in _FOLDERS for path in (root / folder).glob("[!_]*.yml"))
    files = {path.relative_to(root).as_posix(): _File(path) for path in paths}
    folder = _Folder(root, files)
    groups = list(folder.file("nomes_ambiguos.yml").groups())
    return Knowledge(
        products={f.id: f.build(Product, f.body, id=f.id) for f in folder.of("produtos")},
        channels={f.id: f.build(Channel, f.only("nome", "artigo", "apelidos"), id=f.id) for f in folder.of("canais")},
        subjects={s.id: s for f in (*folder.of("canais"), *folder.of("topicos")) for s in f.subjects()},
        facets=folder.section("facetas.yml", Facet),
        spheres=folder.section("vocabulario.yml", Term, "esfera"),
        support_types=folder.section("vocabulario.yml", Term, "tipo_suporte"),
        small_talk=folder.section("conversa.yml", SmallTalk),
        faq={q.id: q for f in folder.of("faq") for q in f.questions()},
        form_fields=folder.section("chamado.yml", FormField),
        organs=folder.whole("orgaos.yml", Organs),
        out_of_scope=tuple(folder.file("fora_do_escopo.yml").get("perguntas", list)),
        out_of_scope_held_out=tuple(folder.file("fora_do_escopo.yml").get("confere", list)),
        ambiguous={name: group["produtos"] for group in groups for name in group["nomes"]},
        common_nouns=frozenset(phrase(name) for group in groups if group["substantivo"] for name in group["nomes"]),
        synonyms=folder.file("sinonimos.yml").lists(),
        messages=folder.file("mensagens.yml").texts(),
        version=hashlib.sha256(b"".join(f.raw for f in files.values())).hexdigest()[:12],
    )


class _File:
    """One YAML file: its mapping, and the line of any key when something is wrong."""

    def __init__(self, path: Path) -> None:
        self.path, self.id = path, path.stem
        self.raw = path.read_bytes()
        try:
            body = yaml.load(self.raw, Loader=_LOADER)
        except (yaml.YAMLError, UnicodeDecodeError) as err:
            mark = getattr(err, "problem_mark", None)
            reason = getattr(err, "problem", None) or err
            line = min(mark.line, self.raw.rstrip().count(b"\n")) + 1 if mark else 1
            raise ContentError(f"{path}:{line}: não é YAML válido: {reason}") from err
        if not isinstance(body, dict):
            raise ContentError(
                f"{path}:1: o arquivo deve ter chaves e valores (chave: valor), e está vazio ou é outra coisa"
            )
        self.body: dict[str, Any] = body

    def get(self, key: str, kind: type[T]) -> T:
        value = self.body.get(key)
        if not isinstance(value, kind):
            raise self.error((key,), f"falta `{key}`, ou não é {'uma lista' if kind is list else 'um bloco de chaves'}")
        return value

    def only(self, *keys: str) -> dict[str, Any]:
        return {key: self.body[key] for key in keys if key in self.body}

    def lists(self) -> dict[str, tuple[str, ...]]:
        """A mapping of texts to lists of texts."""
        return {key: self._value(value, "tuple", (key,)) for key, value in self.body.items()}

    def texts(self) -> dict[str, str]:
        return {key: self._text(value, (key,)) for key, value in self.body.items()}

    def groups(self) -> Iterator[dict[str, Any]]:
        """The groups of ambiguous names: nomes, produtos, substantivo."""
        for group in self.get("grupos", list):
            if not isinstance(group, dict) or not {"nomes", "produtos"} <= set(group):
                raise self.error(("grupos",), "cada grupo deve ter `nomes` e `produtos`")
            names = {key: self._value(group[key], "tuple", ("grupos",)) for key in ("nomes", "produtos")}
            yield {**names, "substantivo": bool(group.get("substantivo"))}

    def subjects(self) -> Iterator[Subject]:
        for key, body in self.get("assuntos", dict).items():
            if not isinstance(body, dict):
                raise self.error(("assuntos", key), f"`{key}` deve ter titulo, perguntas, confere e resposta")
            body = {"fonte": self.body.get("fonte"), **body}
            yield self.build(Subject, body, "assuntos", key, id=f"{self.id}.{key}")

    def questions(self) -> Iterator[Question]:
        """The entries of a page; page and products are the file's where an entry has none of its own."""
        for key, body in self.get("assuntos", dict).items():
            if not isinstance(body, dict):
                raise self.error(("assuntos", key), f"`{key}` deve ter pergunta, titulo, perguntas, confere e resposta")
            body = {**self.only("fonte", "produtos"), **body}
            yield self.build(Question, body, "assuntos", key, id=f"{self.id}.{key}")

    def build(self, cls: type[T], body: dict[str, Any], *where: str, id: str) -> T:
        """A dataclass from a mapping: every key known, every needed key there, texts and lists not mixed up."""
        known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
        for key in body:
            if key not in known or key == "id":
                raise self.error(
                    (*where, key),
                    f"a chave `{key}` não existe aqui; as que existem: {', '.join(k for k in known if k != 'id')}",
                )
        values: dict[str, Any] = {"id": id}
        for name, spec in known.items():
            if name == "id" or (name not in body and (spec.default, spec.default_factory) != (MISSING, MISSING)):
                continue
            if body.get(name) is None:
                raise self.error((*where, name), f"falta `{name}`")
            values[name] = self._value(body[name], str(spec.type), (*where, name))
        return cls(**values)

    def _value(self, value: Any, type_: str, where: tuple[str, ...]) -> Any:
        name = where[-1]
        if type_.startswith("tuple"):
            if not isinstance(value, list):
                raise self.error(where, f"`{name}` deve ser uma lista, um item por linha, cada um com `- ` na frente")
            if name in _NESTED:
                return tuple(_link(self, item, where) for item in value)
            return tuple(self._text(item, where) for item in value)
        if type_.startswith("Mapping"):
            if not isinstance(value, dict):
                raise self.error(where, f"`{name}` deve ter chaves, e uma lista em cada uma")
            return {key: self._value(items, "tuple", (*where, key)) for key, items in value.items()}
        if name == "prazo":
            return self._deadline(value, where)
        if type_ == "bool":
            return bool(value)
        text = self._text(value, where).strip()
        if name == "artigo" and text not in ("o", "a", "os", "as"):
            raise self.error(where, f"`artigo` é «{text}»; use um de: o, a, os, as")
        return text

    def _deadline(self, value: Any, where: tuple[str, ...]) -> Deadline:
        if (
            not isinstance(value, dict)
            or set(value) != {"horas", "dentro", "fora"}
            or not isinstance(value["horas"], int)
        ):
            raise self.error(where, "`prazo` deve ter `horas` (um número inteiro), `dentro` e `fora`")
        return Deadline(value["horas"], *(self._text(value[key], (*where, key)) for key in ("dentro", "fora")))

    def _text(self, value: Any, where: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            raise self.error(where, f'`{where[-1]}` deve ser texto; ponha entre aspas: "{value}"')
        return value

    def error(self, where: tuple[str, ...], message: str) -> ContentError:
        return ContentError(f"{self.path}:{self._line(where)}: {message}")

    def _line(self, where: tuple[str, ...]) -> int:
        node, line = yaml.compose(self.raw, Loader=_LOADER), 1
        for wanted in where:
            if not isinstance(node, yaml.MappingNode):
                break
            match = next(((k, v) for k, v in node.value if k.value == wanted), None)
            if match is None:
                break
            line, node = match[0].start_mark.line + 1, match[1]
        return line


def _link(file: _File, value: Any, where: tuple[str, ...]) -> Link:
    if not isinstance(value, dict) or set(value) != {"titulo", "url"}:
        raise file.error(where, f"cada item de `{where[-1]}` deve ter `titulo` e `url`")
    return Link(**{key: file._text(text, where) for key, text in value.items()})


class _Folder:
    def __init__(self, root: Path, files: dict[str, _File]) -> None:
        self._root, self._files = root, files

    def of(self, folder: str) -> list[_File]:
        return [file for name, file in self._files.items() if name.startswith(f"{folder}/")]

    def file(self, name: str) -> _File:
        if name not in self._files:
            raise ContentError(f"{self._root / name}:1: o arquivo não existe")
        return self._files[name]

    def whole(self, name: str, cls: type[T]) -> T:
        """A file that is one thing."""
        file = self.file(name)
        return file.build(cls, file.body, id=file.id)

    def section(self, name: str, cls: type[T], key: str | None = None) -> dict[str, T]:
        file = self.file(name)
        entries = file.get(key, dict) if key else file.body
        where = (key,) if key else ()
        for id_, body in entries.items():
            if not isinstance(body, dict):
                raise file.error((*where, id_), f"`{id_}` deve ter chaves e valores dentro")
        return {id_: file.build(cls, body, *where, id_, id=id_) for id_, body in entries.items()}
