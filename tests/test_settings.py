import dataclasses
from pathlib import Path

import pytest

from penbot.settings import ROOT, Settings, SettingsError

DEFAULTS = Settings(
    port=5005,
    api_token=None,
    home=ROOT / "var",
    knowledge=ROOT / "knowledge",
    desk="local",
    database=f"sqlite:///{ROOT}/var/chamados.db",
)
DATABASE = "postgresql://penbot:senha@banco.orgao.gov.br/chamados"
DRAFT_KEY = "A" * 43 + "="
RT = {"PENBOT_RT_URL": "https://rt.orgao.gov.br", "PENBOT_RT_TOKEN": "ficha-rt"}
GLPI = {
    "PENBOT_GLPI_URL": "https://glpi.orgao.gov.br",
    "PENBOT_GLPI_APP_TOKEN": "ficha-app",
    "PENBOT_GLPI_USER_TOKEN": "ficha-user",
}


def test_with_nothing_set_everything_has_a_value():
    assert Settings.read({}) == DEFAULTS


@pytest.mark.parametrize(
    ("variable", "value", "field", "read"),
    [
        ("PENBOT_PORT", "8080", "port", 8080),
        ("PENBOT_API_TOKEN", "senha", "api_token", "senha"),
        ("PENBOT_KNOWLEDGE", "/srv/conteudo", "knowledge", Path("/srv/conteudo")),
        *(("PENBOT_DESK", desk, "desk", desk) for desk in ("local", "portal")),
        ("PENBOT_DATABASE", DATABASE, "database", DATABASE),
        ("PENBOT_DRAFT_KEY", DRAFT_KEY, "draft_key", DRAFT_KEY),
        *((name, value, name.removeprefix("PENBOT_").lower(), value) for name, value in {**RT, **GLPI}.items()),
        ("PENBOT_ORIGINS", "https://a.br, https://B.br:8443/", "origins", ("https://a.br", "https://b.br:8443")),
        ("PENBOT_PROXIES", "2", "proxies", 2),
    ],
)
def test_each_variable_sets_its_own_value_and_no_other(variable, value, field, read):
    assert Settings.read({variable: value}) == dataclasses.replace(DEFAULTS, **{field: read})


def test_the_environment_is_read_at_each_call(monkeypatch):
    monkeypatch.setenv("PENBOT_PORT", "6006")

    assert Settings.read().port == 6006


def test_the_home_holds_the_database_unless_it_is_elsewhere():
    home = Path("/srv/penbot")

    assert Settings.read({"PENBOT_HOME": "/srv/penbot"}) == dataclasses.replace(
        DEFAULTS, home=home, database="sqlite:////srv/penbot/chamados.db"
    )
    assert Settings.read({"PENBOT_HOME": "/srv/penbot", "PENBOT_DATABASE": DATABASE}).database == DATABASE


@pytest.mark.parametrize("variable", [f"PENBOT_{field.name.upper()}" for field in dataclasses.fields(Settings)])
def test_an_empty_variable_is_one_that_is_not_set(variable):
    assert Settings.read({variable: ""}) == DEFAULTS


@pytest.mark.parametrize("variable", ["PENBOT_HOME", "PENBOT_KNOWLEDGE"])
def test_a_folder_may_be_given_from_here_or_from_the_home_of_the_user(variable, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "ana"))
    field = variable.removeprefix("PENBOT_").lower()

    assert getattr(Settings.read({variable: "pasta"}), field) == (tmp_path / "pasta").resolve()
    assert getattr(Settings.read({variable: "~/pasta"}), field) == (tmp_path / "ana/pasta").resolve()


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_first_and_the_last_port_are_ports(port):
    assert Settings.read({"PENBOT_PORT": port}).port == int(port)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "5005.0", "5005a", " ", "²"])
def test_what_is_no_port_is_told_with_what_would_be_right(port):
    with pytest.raises(SettingsError) as told:
        Settings.read({"PENBOT_PORT": port})

    assert str(told.value) == f"PENBOT_PORT={port} não é uma porta; use um número de 1 a 65535"


@pytest.mark.parametrize("desk", ["balcao", "LOCAL", " "])
def test_a_desk_that_does_not_exist_is_told_with_those_that_do(desk):
    with pytest.raises(SettingsError) as told:
        Settings.read({"PENBOT_DESK": desk})

    assert str(told.value) == f"PENBOT_DESK={desk} não existe; use um de: local, rt, glpi, portal"


@pytest.mark.parametrize(
    ("desk", "given", "missing"),
    [
        ("rt", {}, "PENBOT_RT_URL, PENBOT_RT_TOKEN"),
        ("rt", {"PENBOT_RT_URL": RT["PENBOT_RT_URL"]}, "PENBOT_RT_TOKEN"),
        ("glpi", {}, "PENBOT_GLPI_URL, PENBOT_GLPI_USER_TOKEN"),
        ("glpi", {"PENBOT_GLPI_USER_TOKEN": "ficha", "PENBOT_GLPI_URL": ""}, "PENBOT_GLPI_URL"),
    ],
)
def test_a_desk_that_needs_more_says_what(desk, given, missing):
    with pytest.raises(SettingsError) as told:
        Settings.read({"PENBOT_DESK": desk, **given})

    assert str(told.value) == f"com PENBOT_DESK={desk} é preciso definir também: {missing}"


@pytest.mark.parametrize(("desk", "given"), [("rt", RT), ("glpi", GLPI)])
def test_a_desk_with_all_it_needs_is_taken(desk, given):
    assert Settings.read({"PENBOT_DESK": desk, **given}).desk == desk


@pytest.mark.parametrize("variable", ["PENBOT_RT_URL", "PENBOT_GLPI_URL"])
@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
def test_on_this_machine_a_desk_may_be_without_https(variable, host):
    assert Settings.read({variable: f"http://{host}/rt"})


@pytest.mark.parametrize("variable", ["PENBOT_RT_URL", "PENBOT_GLPI_URL"])
@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("http://rt.orgao.gov.br", "deve começar com https://"),
        ("http://127.0.0.1.orgao.gov.br", "deve começar com https://"),
        ("rt.orgao.gov.br", "não é um endereço"),
        ("ftp://rt.orgao.gov.br", "não é um endereço"),
        ("https://", "não é um endereço"),
    ],
)
def test_an_address_that_would_not_do_is_told(variable, value, sentence):
    with pytest.raises(SettingsError, match=f"^{variable} {sentence}"):
        Settings.read({variable: value})


@pytest.mark.parametrize("value", ["mysql://banco/chamados", "chamados.db", "/srv/chamados.db", "https://banco"])
def test_a_database_of_another_kind_is_told(value):
    with pytest.raises(SettingsError, match=r"^PENBOT_DATABASE deve ser como sqlite:////caminho"):
        Settings.read({"PENBOT_DATABASE": value})


@pytest.mark.parametrize("value", ["curta", "A" * 44, "ç" * 43 + "="])
def test_a_key_that_is_no_key_is_told_with_how_to_make_one(value):
    with pytest.raises(SettingsError, match=r"^PENBOT_DRAFT_KEY não é uma chave") as told:
        Settings.read({"PENBOT_DRAFT_KEY": value})

    assert value not in str(told.value)


def test_no_secret_is_shown():
    secrets = {"PENBOT_API_TOKEN": "ficha-api", "PENBOT_DATABASE": DATABASE, "PENBOT_DRAFT_KEY": DRAFT_KEY}

    shown = repr(Settings.read({**secrets, **RT, **GLPI}))

    assert not any(secret in shown for secret in ("ficha", "senha", DRAFT_KEY))


@pytest.mark.parametrize("value", ["*", "portal.gov.br", "https://portal.gov.br/caminho", "https://*.gov.br", "null"])
def test_what_is_no_origin_is_told(value):
    with pytest.raises(SettingsError, match="PENBOT_ORIGINS"):
        Settings.read({"PENBOT_ORIGINS": value})


def test_a_number_of_proxies_that_is_none_is_told():
    with pytest.raises(SettingsError, match="PENBOT_PROXIES"):
        Settings.read({"PENBOT_PROXIES": "um"})
