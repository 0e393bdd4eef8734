import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from penbot.channel.attachments import LARGEST, MOST, AttachmentError, Attachments

CONVERSATION = "0123456789abcdef" * 2
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str, **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "navy").save(out, kind, **more)
    return out.getvalue()


@pytest.fixture
def attachments(tmp_path):
    return Attachments.at(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "media_type", "kept"),
    [
        ("tela.png", picture("PNG"), "image/png", "tela.png"),
        ("foto.JPG", picture("JPEG"), "image/jpeg", "foto.jpg"),
        ("foto.png", picture("JPEG"), "image/jpeg", "foto.jpg"),
        ("guia.pdf", PDF, "application/pdf", "guia.pdf"),
        ("erro.log", "linha 1: exceção\n".encode(), "text/plain", "erro.log"),
        ("nota.txt", "ação".encode("cp1252"), "text/plain", "nota.txt"),
        ("nota.txt", "ação".encode("utf-16"), "text/plain", "nota.txt"),
    ],
)
def test_what_is_evidence_is_kept_under_what_it_really_is(attachments, name, content, media_type, kept):
    attachment = attachments.keep(CONVERSATION, name, content)

    assert (attachment.media_type, attachment.name) == (media_type, kept)
    assert attachments.of(CONVERSATION) == (attachment,)
    assert attachment.content


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.png", b"MZ\x90\x00" + b"\x00" * 60, "portal_anexo_tipo"),
        ("dados.zip", b"PK\x03\x04" + b"\x00" * 60, "portal_anexo_tipo"),
        ("planilha.log", b"PK\x03\x04" + b"\x00" * 60, "portal_anexo_tipo"),
        ("pagina.html", b"<html><script>1</script>", "portal_anexo_tipo"),
        ("imagem.svg", b"<svg onload='1'/>", "portal_anexo_tipo"),
        ("binario.log", b"abc\x00def", "portal_anexo_tipo"),
        ("meia.png", picture("PNG")[:40], "portal_anexo_tipo"),
        ("anim.gif", b"GIF89a" + b"\x00" * 60, "portal_anexo_tipo"),
        ("vazio.txt", b"", "portal_anexo_vazio"),
        ("grande.log", b"a" * (LARGEST + 1), "portal_anexo_grande"),
    ],
)
def test_what_is_not_is_refused_with_its_reason(attachments, name, content, why):
    with pytest.raises(AttachmentError, match=why):
        attachments.keep(CONVERSATION, name, content)

    assert attachments.of(CONVERSATION) == ()


def test_a_picture_tells_nothing_of_who_took_it(attachments):
    exif = Image.Exif()
    exif[0x010F] = "Fabricante Secreto"
    exif[0x8825] = {1: "S", 2: (15.0, 47.0, 0.0)}
    content = picture("JPEG", exif=exif, comment=b"comentario secreto")
    assert b"Secreto" in content

    kept = attachments.keep(CONVERSATION, "foto.jpg", content).content
    assert b"ecreto" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_small_file_with_a_huge_picture_is_refused(attachments):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    with pytest.raises(AttachmentError, match="portal_anexo_tipo"):
        attachments.keep(CONVERSATION, "bomba.png", out.getvalue())


def test_there_are_no_more_than_the_limit(attachments):
    for n in range(MOST):
        attachments.keep(CONVERSATION, f"{n}.txt", b"texto")

    with pytest.raises(AttachmentError, match="portal_anexos_demais"):
        attachments.keep(CONVERSATION, "mais.txt", b"texto")


def test_a_removed_one_makes_room(attachments):
    kept = [attachments.keep(CONVERSATION, f"{n}.txt", b"texto") for n in range(MOST)]

    assert attachments.remove(CONVERSATION, kept[0].id)
    assert not attachments.remove(CONVERSATION, kept[0].id)
    assert attachments.of(CONVERSATION) == tuple(kept[1:])


def test_deleting_leaves_nothing_of_the_conversation_and_all_of_others(attachments, tmp_path):
    other = "f" * 32
    attachments.keep(CONVERSATION, "a.txt", b"texto")
    attachments.keep(other, "b.txt", b"texto")
    attachments.delete(CONVERSATION)

    assert attachments.of(CONVERSATION) == ()
    assert [folder.name for folder in (tmp_path / "anexos").iterdir()] == [other]


@pytest.mark.parametrize("conversation", ["ana", "../..", "", "/etc", CONVERSATION.upper(), f"{CONVERSATION}/.."])
def test_a_conversation_of_another_channel_has_no_files_and_no_folder(attachments, tmp_path, conversation):
    assert attachments.of(conversation) == ()
    attachments.delete(conversation)
    with pytest.raises(AttachmentError):
        attachments.keep(conversation, "a.txt", b"texto")
    assert not (tmp_path / "anexos").exists()


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=300), content=st.binary(max_size=400))
def test_whatever_comes_is_kept_safely_or_refused(tmp_path_factory, name, content):
    home = tmp_path_factory.mktemp("home")
    attachments = Attachments.at(home)
    try:
        kept = attachments.keep(CONVERSATION, name, content)
    except AttachmentError:
        return
    assert kept.path.parent == home / "anexos" / CONVERSATION
    assert len(kept.name) <= 90
    assert not set(kept.name) & set('/\\<>"\n\r\x00')
