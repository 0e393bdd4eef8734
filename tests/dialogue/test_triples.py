"""All 15 x 4 x 11 triples of product, sphere and support type: what the guide's annex offers becomes a draft,
every other one is refused with what is offered instead. The table is typed from the guide, section 10."""

import itertools

import pytest

from penbot.dialogue.heard import Guess, Heard
from penbot.dialogue.respond import respond
from penbot.dialogue.state import State
from penbot.dialogue.turn import Office
from penbot.knowledge.vocabulary import Mention

SPHERES = ["executivo_federal", "executivo_estadual", "executivo_municipal", "outros_poderes"]
COMMON = ["reportar_erro", "registrar_duvida", "sugerir_melhoria"]
TYPES = [
    "solicitar_acesso",
    "solicitar_acesso_codigo",
    "solicitar_credenciais",
    "solicitar_acesso_portal",
    "solicitar_cadastro_up",
    "solicitar_reativacao_up",
    "solicitar_migracao_up",
    "solicitar_cadastro_gestor",
    *COMMON,
]
FEDERAL_ONLY = {"modulo_resposta_protocolo_govbr", "nup", "protocolo_govbr"}
ALSO = {
    "api_protocolo_integrado": ["solicitar_acesso"],
    "api_tramita": [],
    "modulo_assinatura_eletronica": ["solicitar_acesso"],
    "modulo_estatistico": ["solicitar_acesso_codigo", "solicitar_credenciais"],
    "modulo_resposta_protocolo_govbr": ["solicitar_acesso"],
    "modulo_protocolo_integrado": ["solicitar_acesso"],
    "modulo_tramita": ["solicitar_acesso"],
    "modulo_gestao_documental": ["solicitar_acesso"],
    "modulo_login_externo_govbr": ["solicitar_acesso"],
    "modulo_wssei": ["solicitar_acesso"],
    "nup": ["solicitar_acesso_portal", "solicitar_cadastro_up", "solicitar_reativacao_up", "solicitar_migracao_up"],
    "portal_protocolo_integrado": ["solicitar_acesso", "solicitar_credenciais"],
    "portal_tramita": ["solicitar_acesso", "solicitar_cadastro_gestor"],
    "protocolo_govbr": ["solicitar_acesso"],
    "sei": ["solicitar_acesso_codigo"],
}
TRIPLES = list(itertools.product(ALSO, SPHERES, TYPES))


def offered(product, sphere, type_):
    in_sphere = sphere == "executivo_federal" or product not in FEDERAL_ONLY
    return in_sphere and type_ in [*ALSO[product], *COMMON]


def press(intent, **entities):
    mentions = tuple(Mention(kind, (id_,), -1, -1) for kind, id_ in entities.items())
    return Heard(f"/{intent}", (Guess(intent, 1.0),), mentions, (), True)


def say(text, intent="nomear"):
    return Heard(text, (Guess(intent, 0.9),))


def test_the_table_has_them_all(knowledge):
    assert set(ALSO) == set(knowledge.products)
    assert set(TYPES) == set(knowledge.support_types)
    assert set(SPHERES) == set(knowledge.spheres)
    assert len(TRIPLES) == 15 * 4 * 11


@pytest.mark.parametrize("product", ALSO)
def test_a_triple_becomes_a_draft_or_is_refused_with_what_is_offered(product, knowledge):
    for sphere, type_ in itertools.product(SPHERES, TYPES):
        turn = respond(press(type_, produto=product, esfera=sphere), State(), knowledge, Office())
        if offered(product, sphere, type_):
            assert drafted(turn, knowledge) == (product, sphere, type_)
        else:
            check_refusal(turn, product, sphere, knowledge)


ANSWERS = {
    "descricao": "o relatório sai em branco",
    "ambiente": "produção",
    "versao": "1.0",
    "contato": "Ana Lima, ana.lima@gestao.gov.br, Arquivo Nacional",
}


def drafted(turn, knowledge):
    """The triple of the summary, once the rest is filled in."""
    while (asking := turn.state.form.asking) != "resumo":
        turn = respond(say(ANSWERS[asking]), turn.state, knowledge, Office())
    (draft,) = [a.custom for a in turn.answers if (a.custom or {}).get("type") == "ticket_draft"]
    return draft["product"], draft["sphere"], draft["support_type"]


def check_refusal(turn, product, sphere, knowledge):
    (answer,) = turn.answers
    assert answer.custom["type"] == "ticket_refused"
    assert turn.state.form is None
    spheres = ["executivo_federal"] if product in FEDERAL_ONLY else SPHERES
    assert answer.custom["available"]["spheres"] == spheres
    assert sorted(answer.custom["available"]["support_types"]) == sorted([*ALSO[product], *COMMON])
    names = (
        [knowledge.support_types[id_].nome for id_ in [*ALSO[product], *COMMON]]
        if sphere in spheres
        else [knowledge.spheres[id_].nome for id_ in spheres]
    )
    assert all(name in answer.text for name in names)
