"""Evidence that people send: looked at by its content, cleaned, kept under random names in the home.

The desk's side reads `of(conversation)` and calls `delete(conversation)` once a ticket is delivered or
its draft is gone. Nothing here is ever served to a browser.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import secrets
import shutil
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

LARGEST = 5 * 1024 * 1024  # bytes
MOST = 5  # in one conversation
_LARGEST_IMAGE = 40_000_000  # pixels: a small file may hold a huge picture
_CONVERSATION = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[0-9a-f]{16}")
_TEXT_ENDINGS = ("txt", "log")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UNSAFE = re.compile(r"[^\w .()-]+")


class AttachmentError(Exception):
    """Not taken. The argument is the name of the sentence (mensagens.yml) that says why."""


@dataclass(frozen=True)
class Attachment:
    """One file. `name`: as people called it, made safe. `at`: seconds since 1970."""

    id: str
    name: str
    media_type: str
    size: int
    at: float
    path: Path

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    def public(self) -> dict[str, object]:
        """What its sender may see again."""
        return {key: value for key, value in asdict(self).items() if key != "path"}


class Attachments:
    """The files of all conversations, each conversation's in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()

    @classmethod
    def at(cls, home: Path) -> Attachments:
        return cls(home / "anexos")

    def of(self, conversation: str) -> tuple[Attachment, ...]:
        """Oldest first; none for a conversation of a channel that takes no files."""
        folder = self._folder(conversation)
        if folder is None or not folder.is_dir():
            return ()
        found = []
        for card in folder.glob("*.json"):
            with contextlib.suppress(FileNotFoundError):  # removed just now
                found.append(Attachment(**json.loads(card.read_text(encoding="utf-8")), path=card.with_suffix("")))
        return tuple(sorted(found, key=lambda attachment: attachment.at))

    def keep(self, conversation: str, name: str, content: bytes) -> Attachment:
        """Check, clean and store. Raises AttachmentError."""
        folder = self._folder(conversation)
        if folder is None:
            raise AttachmentError("portal_pedido_errado")
        media_type, clean = _looked_at(name, content)
        with self._lock:
            if len(self.of(conversation)) >= MOST:
                raise AttachmentError("portal_anexos_demais")
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            id_ = secrets.token_hex(8)
            path = folder / id_
            attachment = Attachment(id_, _safe(name, media_type), media_type, len(clean), time.time(), path)
            path.write_bytes(clean)
            path.with_suffix(".json").write_text(json.dumps(attachment.public()), encoding="utf-8")
        return attachment

    def remove(self, conversation: str, id_: str) -> bool:
        """One file. False if there is none such."""
        folder = self._folder(conversation)
        if folder is None or not _ID.fullmatch(id_) or not (folder / id_).exists():
            return False
        for path in (folder / f"{id_}.json", folder / id_):
            path.unlink(missing_ok=True)
        return True

    def abandoned(self, seconds: float) -> list[str]:
        """The conversations that sent nothing for so long."""
        folders = self._root.iterdir() if self._root.is_dir() else ()
        return [folder.name for folder in folders if folder.stat().st_mtime < time.time() - seconds]

    def delete(self, conversation: str) -> None:
        """Every file of a conversation."""
        folder = self._folder(conversation)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _folder(self, conversation: str) -> Path | None:
        return self._root / conversation if _CONVERSATION.fullmatch(conversation) else None


def _looked_at(name: str, content: bytes) -> tuple[str, bytes]:
    """The type that the content shows, whatever the name says, and the content without what it tells of its maker."""
    if not content:
        raise AttachmentError("portal_anexo_vazio")
    if len(content) > LARGEST:
        raise AttachmentError("portal_anexo_grande")
    import filetype

    found = filetype.guess_mime(content)
    if found in ("image/png", "image/jpeg"):
        return found, _without_metadata(content, found)
    if found == "application/pdf":
        return found, content
    if found is None and _ending(name) in _TEXT_ENDINGS and not _BINARY.search(_as_utf8(content)):
        return "text/plain", content
    raise AttachmentError("portal_anexo_tipo")


def _as_utf8(content: bytes) -> bytes:
    """Windows writes some logs in UTF-16; every other encoding can be searched as it is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").encode()
    return content


def _without_metadata(content: bytes, media_type: str) -> bytes:
    """The picture drawn anew: no EXIF, no place, no comments; turned as its EXIF says."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
            if picture.width * picture.height > _LARGEST_IMAGE:
                raise AttachmentError("portal_anexo_tipo")
            drawn = ImageOps.exif_transpose(picture)
            if "transparency" in drawn.info:
                drawn = drawn.convert("RGBA")
            drawn.info = {}
            out = io.BytesIO()
            if media_type == "image/png":
                drawn.save(out, "PNG")
            else:
                drawn.convert("RGB").save(out, "JPEG", quality=90)
    except AttachmentError:
        raise
    except Exception as err:  # Pillow raises of many kinds for a broken picture
        raise AttachmentError("portal_anexo_tipo") from err
    return out.getvalue()


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _safe(name: str, media_type: str) -> str:
    """A name that can be shown and handed on anywhere, with the ending of what it really is."""
    stem, ending = name.replace("\\", "/").rpartition("/")[2], _ending(name)
    stem = _UNSAFE.sub("_", stem.rpartition(".")[0] or stem)[:80].strip(" ._") or "arquivo"
    wanted = _ENDINGS.get(media_type) or (ending if ending in _TEXT_ENDINGS else "txt")
    return f"{stem}.{wanted}"
