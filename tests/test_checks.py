"""Each content rule finds the mistakes it was written for, on their lines, and no others.

tests/checks/_bom/ is a small sound content. tests/checks/<rule-name>/ holds only the wrong files, which are
laid over a copy of it; each wrong line ends in `# espera: <part of the message>`.
"""

from pathlib import Path
from shutil import copytree

import pytest

from penbot.knowledge.check import RULES, check

CASES = Path(__file__).parent / "checks"
MARK = "# espera: "


@pytest.fixture
def root(tmp_path):
    return copytree(CASES / "_bom", tmp_path / "knowledge")


def marks(folder):
    """(file, line, part of the message) of each marked line, in order."""
    return [
        (path.relative_to(folder).as_posix(), number, line.split(MARK)[1].strip())
        for path in sorted(folder.rglob("*.yml"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MARK in line
    ]


def place(problem, root):
    return Path(problem.path).relative_to(root).as_posix(), problem.line


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_its_mistakes_where_they_are_and_nothing_else(rule, root):
    wanted = marks(CASES / rule)
    assert wanted, f"{rule} não tem exemplo: falta tests/checks/{rule}/ com um arquivo errado"

    problems = check(copytree(CASES / rule, root, dirs_exist_ok=True))

    assert {problem.rule for problem in problems} == {rule}
    assert [place(problem, root) for problem in problems] == [(file, line) for file, line, _ in wanted]
    for problem, (_, _, part) in zip(problems, wanted, strict=True):
        assert part in problem.message


def test_no_example_is_left_of_a_rule_that_is_gone():
    assert {folder.name for folder in CASES.iterdir()} == {"_bom", *RULES}


def test_sound_content_has_no_problem(root):
    assert check(root) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "message"),
    [
        ("produtos/minuta.yml", "artigo: a", "artgo: a", 2, "a chave `artgo` não existe aqui"),
        ("produtos/malote.yml", "o_que_e: O Malote é", "o_que_e: O Malote: é", 6, "não é YAML válido"),
        ("topicos/chamado.yml", "    resposta: Um", "    respostas: Um", 11, "a chave `respostas` não existe aqui"),
        ("canais/telefone.yml", "titulo: Horário do telefone", "titulo: 8", 9, "`titulo` deve ser texto"),
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_problem(root, file, before, after, line, message):
    text = (root / file).read_text(encoding="utf-8")
    assert before in text
    (root / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    (problem,) = check(root)

    assert (problem.rule, place(problem, root)) == ("leitura", (file, line))
    assert message in problem.message


def test_a_missing_file_is_named_as_a_problem_of_its_first_line(root):
    (root / "conversa.yml").unlink()

    (problem,) = check(root)

    assert (problem.rule, place(problem, root)) == ("leitura", ("conversa.yml", 1))


def test_a_problem_reads_as_a_place_a_message_and_a_rule(root):
    (root / "sinonimos.yml").write_text("")

    (problem,) = check(root)

    assert str(problem).startswith(f"{root}/sinonimos.yml:1: o arquivo deve ter chaves")
    assert str(problem).endswith(" [leitura]")
