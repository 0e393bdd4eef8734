import dataclasses
from pathlib import Path

import pytest

from penbot.settings import DESKS, ROOT, Settings, SettingsError

DEFAULTS = Settings(port=5005, api_token=None, home=ROOT / "var", knowledge=ROOT / "knowledge", desk="local")


def test_with_nothing_set_everything_has_a_value():
    assert Settings.read({}) == DEFAULTS


@pytest.mark.parametrize(
    ("variable", "value", "field", "read"),
    [
        ("PENBOT_PORT", "8080", "port", 8080),
        ("PENBOT_API_TOKEN", "senha", "api_token", "senha"),
        ("PENBOT_HOME", "/srv/penbot", "home", Path("/srv/penbot")),
        ("PENBOT_KNOWLEDGE", "/srv/conteudo", "knowledge", Path("/srv/conteudo")),
        *(("PENBOT_DESK", desk, "desk", desk) for desk in DESKS),
        ("PENBOT_ORIGINS", "https://a.br, https://B.br:8443/", "origins", ("https://a.br", "https://b.br:8443")),
        ("PENBOT_PROXIES", "2", "proxies", 2),
    ],
)
def test_each_variable_sets_its_own_value_and_no_other(variable, value, field, read):
    assert Settings.read({variable: value}) == dataclasses.replace(DEFAULTS, **{field: read})


def test_the_environment_is_read_at_each_call(monkeypatch):
    monkeypatch.setenv("PENBOT_PORT", "6006")

    assert Settings.read().port == 6006


@pytest.mark.parametrize(
    "variable", ["PENBOT_PORT", "PENBOT_API_TOKEN", "PENBOT_HOME", "PENBOT_KNOWLEDGE", "PENBOT_DESK"]
)
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


@pytest.mark.parametrize("value", ["*", "portal.gov.br", "https://portal.gov.br/caminho", "https://*.gov.br", "null"])
def test_what_is_no_origin_is_told(value):
    with pytest.raises(SettingsError, match="PENBOT_ORIGINS"):
        Settings.read({"PENBOT_ORIGINS": value})


def test_a_number_of_proxies_that_is_none_is_told():
    with pytest.raises(SettingsError, match="PENBOT_PROXIES"):
        Settings.read({"PENBOT_PROXIES": "um"})
