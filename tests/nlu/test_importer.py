"""If Rasa cannot import our importer it only warns, and trains without it."""


def test_what_the_content_implies_is_in_the_model(talk, knowledge):
    intents = set(talk._agent.domain.intents)

    assert {subject.intent for subject in knowledge.subjects.values()} <= intents
    assert set(knowledge.support_types) <= intents
    assert "fora_do_escopo" in intents


def test_a_question_runs_through_its_derived_rule(talk):
    (message,) = talk.say("qual o prazo para reabrir um chamado?", "importer")

    assert message["custom"]["id"] == "reabertura.prazo"


def test_a_message_without_a_word_parses_as_not_understood(talk):
    assert talk.parse("...")["intent"]["name"] == "nlu_fallback"
