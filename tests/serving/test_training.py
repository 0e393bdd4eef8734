from dataclasses import replace

from penbot.serving.training import fingerprint


def test_a_changed_answer_needs_no_training(knowledge):
    subject = knowledge.subjects["reabertura.prazo"]
    edited = replace(knowledge, subjects={**knowledge.subjects, subject.id: replace(subject, resposta="Outra.")})

    assert fingerprint(edited) == fingerprint(knowledge)


def test_a_new_way_of_asking_does(knowledge):
    subject = knowledge.subjects["reabertura.prazo"]
    asked = replace(subject, perguntas=(*subject.perguntas, "dá pra desfazer o fechamento?"))
    edited = replace(knowledge, subjects={**knowledge.subjects, subject.id: asked})

    assert fingerprint(edited) != fingerprint(knowledge)
