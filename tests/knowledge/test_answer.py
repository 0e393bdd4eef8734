from dataclasses import replace

from penbot.knowledge.answer import about_facet, about_product, about_subject, listed


def facet(knowledge, id_, product, asked=()):
    return about_facet(knowledge.facets[id_], knowledge.products[product], knowledge, asked)


def test_a_yes_no_question_gets_its_yes_or_no_first(knowledge):
    assert facet(knowledge, "disponivel_para", "sei", ["executivo_municipal"]).text.startswith("Sim")
    assert facet(knowledge, "disponivel_para", "nup", ["executivo_municipal"]).text.startswith("Não")
    assert facet(knowledge, "suporte", "portal_protocolo_integrado", ["solicitar_credenciais"]).text.startswith("Sim")
    assert facet(knowledge, "suporte", "modulo_wssei", ["solicitar_credenciais"]).text.startswith("Não")


def test_an_open_question_gets_the_whole_list(knowledge):
    text = facet(knowledge, "disponivel_para", "sei").text

    assert all(term.nome in text for term in knowledge.spheres.values())
    assert not text.startswith(("Sim", "Não"))


def test_an_answer_says_where_it_comes_from(knowledge):
    assert facet(knowledge, "o_que_e", "sei").custom == {
        "type": "answer",
        "id": "sei.o_que_e",
        "source": "Guia do Usuário, seção 10",
    }


def test_an_answer_offers_the_other_facets_of_its_product(knowledge):
    buttons = facet(knowledge, "o_que_e", "sei").buttons

    assert {b.intent for b in buttons} == {f.intent for f in knowledge.facets.values()} - {"perguntar_o_que_e"}
    assert {b.entities["produto"] for b in buttons} == {"sei"}


def test_a_deadline_is_judged_when_the_question_tells_the_time(knowledge):
    subject = knowledge.subjects["reabertura.prazo"]

    assert about_subject(subject, knowledge, hours=30).text.startswith("Sim")
    assert about_subject(subject, knowledge, hours=72).text.startswith("Não")
    assert about_subject(subject, knowledge).text.startswith("O prazo")


def test_a_link_already_in_the_text_is_not_repeated(knowledge):
    subject = next(s for s in knowledge.subjects.values() if s.links)
    said = replace(subject, resposta=f"Veja {subject.links[0].url}")

    assert about_subject(said, knowledge).text.count(subject.links[0].url) == 1


def test_what_we_know_of_a_product_begins_its_buttons_with_the_way_to_a_person(knowledge):
    answer = about_product(knowledge.products["nup"], knowledge)

    assert answer.buttons[0].intent == "registrar_duvida"


def test_names_are_listed_as_people_list_them():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "ou")] == ["a", "a e b", "a, b ou c"]
