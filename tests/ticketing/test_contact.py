"""People made up for the purpose, writing as people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penbot.knowledge import load
from penbot.settings import ROOT
from penbot.ticketing.contact import Contact, clean_name, clean_organ, contact_in, is_personal, likely_sphere

KNOWLEDGE = load(ROOT / "knowledge")
ANA, MAIL = "Ana Lima", "ana.lima@exemplo.gov.br"


@pytest.mark.parametrize(
    ("text", "name", "organ"),
    [
        ("Ana Lima, ana.lima@exemplo.gov.br, Ministério da Saúde", ANA, "Ministério da Saúde"),
        ("ana.lima@exemplo.gov.br, Ana Lima, Ministério da Saúde", ANA, "Ministério da Saúde"),
        ("Ministério da Saúde, Ana Lima, ana.lima@exemplo.gov.br", ANA, "Ministério da Saúde"),
        ("Ana Lima ana.lima@exemplo.gov.br Prefeitura de Itu", ANA, "Prefeitura de Itu"),
        ("Ana Lima <ana.lima@exemplo.gov.br>, MGI", ANA, "MGI"),
        ("Ana Lima - MGI - ana.lima@exemplo.gov.br", ANA, "MGI"),
        ("Ana Lima/MGI/ana.lima@exemplo.gov.br", ANA, "MGI"),
        ("Ana Lima | ana.lima@exemplo.gov.br | TRE-BA", ANA, "TRE-BA"),
        ("Ana Lima\nana.lima@exemplo.gov.br\nFundação Nacional de Artes", ANA, "Fundação Nacional de Artes"),
        ("Ana Lima (IBAMA)\nana.lima@exemplo.gov.br", ANA, "IBAMA"),
        ("ana lima, ana.lima@exemplo.gov.br, inss", "ana lima", "inss"),
        ("ANA LIMA, ana.lima@exemplo.gov.br, MINISTÉRIO DA SAÚDE", "ANA LIMA", "MINISTÉRIO DA SAÚDE"),
        ("ANA LIMA; MGI; ana.lima@exemplo.gov.br", "ANA LIMA", "MGI"),
        ("nome: Ana Lima; email: ana.lima@exemplo.gov.br; órgão: Prefeitura de Itu", ANA, "Prefeitura de Itu"),
        ("Nome: Ana Lima, E-mail: ana.lima@exemplo.gov.br, Órgão: MGI", ANA, "MGI"),
        ("NOME: Ana Lima\nE-MAIL: ana.lima@exemplo.gov.br\nINSTITUIÇÃO: Zeladoria", ANA, "Zeladoria"),
        ("nome:\nAna Lima\ne-mail:\nana.lima@exemplo.gov.br\nórgão:\nIBAMA", ANA, "IBAMA"),
        ("*Nome:* Ana Lima\n*E-mail:* ana.lima@exemplo.gov.br\n*Órgão:* UFBA", ANA, "UFBA"),
        ("nome completo - Ana Lima\nemail - ana.lima@exemplo.gov.br\norgao - TCU", ANA, "TCU"),
        ("órgão: Secretaria de Fazenda; nome: Ana Lima; ana.lima@exemplo.gov.br", ANA, "Secretaria de Fazenda"),
        ("Nome: Ana Lima, cargo: analista, órgão: Câmara de Itu, ana.lima@exemplo.gov.br", ANA, "Câmara de Itu"),
        ("Nome do órgão: Casa da Moeda, nome: Ana Lima, ana.lima@exemplo.gov.br", ANA, "Casa da Moeda"),
        ("ana.lima@exemplo.gov.br nome: Ana Lima órgão: Tribunal de Contas", ANA, "Tribunal de Contas"),
        ("sou a Ana Lima da prefeitura de Itu, e-mail ana.lima@exemplo.gov.br", ANA, "prefeitura de Itu"),
        ("sou Ana Lima, do Tribunal de Justiça. ana.lima@exemplo.gov.br", ANA, "Tribunal de Justiça"),
        ("Meu nome é Ana Lima, trabalho no MGI, meu email é ana.lima@exemplo.gov.br", ANA, "MGI"),
        ("me chamo Ana Lima e trabalho na Agência Nacional de Cinema, ana.lima@exemplo.gov.br", ANA,
         "Agência Nacional de Cinema"),
        ("Bom dia! Aqui é a Ana Lima da Defensoria Pública. Meu e-mail: ana.lima@exemplo.gov.br", ANA,
         "Defensoria Pública"),
        ("oi, quem fala é Ana Lima, servidora do INSS. e-mail: ana.lima@exemplo.gov.br", ANA, "INSS"),
        ("Ana Lima, analista de TI, Universidade Federal da Bahia, ana.lima@exemplo.gov.br", ANA,
         "Universidade Federal da Bahia"),
        ("Coordenadora de protocolo, Ana Lima, SEFAZ, ana.lima@exemplo.gov.br", ANA, "SEFAZ"),
        ("Ana Lima, (61) 3411-0000, ana.lima@exemplo.gov.br, Instituto Federal do Pará", ANA,
         "Instituto Federal do Pará"),
        ("Dra. Ana Lima, Procuradoria-Geral do Estado, ana.lima@exemplo.gov.br", ANA, "Procuradoria-Geral do Estado"),
        ("Ana Lima, Ministério da Ciência, Tecnologia e Inovação, ana.lima@exemplo.gov.br", ANA,
         "Ministério da Ciência, Tecnologia e Inovação"),
        ("Ministério do Desenvolvimento, Indústria, Comércio e Serviços, Ana Lima, ana.lima@exemplo.gov.br", ANA,
         "Ministério do Desenvolvimento, Indústria, Comércio e Serviços"),
        ("Ana Lima, Secretaria de Cultura, Prefeitura de Itu, ana.lima@exemplo.gov.br", ANA,
         "Secretaria de Cultura, Prefeitura de Itu"),
        ("Secretaria de Educação - SEDUC, Ana Lima, ana.lima@exemplo.gov.br", ANA, "Secretaria de Educação - SEDUC"),
        ("Prefeitura de Itu - Ana Lima - ana.lima@exemplo.gov.br", ANA, "Prefeitura de Itu"),
        ("Ana Lima, Prefeitura de Itu/SP, ana.lima@exemplo.gov.br", ANA, "Prefeitura de Itu/SP"),
        ("Ana Lima, Prefeitura de Itu, SP, ana.lima@exemplo.gov.br", ANA, "Prefeitura de Itu, SP"),
        ("Ana Lima, Prefeitura de Aracaju SE, ana.lima@exemplo.gov.br", ANA, "Prefeitura de Aracaju SE"),
        ("Ana Lima, Ministério da Gestão e da Inovação (MGI), ana.lima@exemplo.gov.br", ANA,
         "Ministério da Gestão e da Inovação (MGI)"),
        ("Ana Lima, Câmara Municipal de Olinda, ana.lima@exemplo.gov.br", ANA, "Câmara Municipal de Olinda"),
        ("Ana Lima, Conselho Federal de Artes; ana.lima@exemplo.gov.br", ANA, "Conselho Federal de Artes"),
        ("Ana Lima, Empresa Brasileira de Correios, ana.lima@exemplo.gov.br", ANA, "Empresa Brasileira de Correios"),
        ("Olá! Me chamo Ana Lima. Trabalho na Prefeitura de São José. Meu e-mail é ana.lima@exemplo.gov.br. Obrigada!",
         ANA, "Prefeitura de São José"),
        ("seguem meus dados: Ana Lima, ana.lima@exemplo.gov.br, pref. de Itu", ANA, "pref. de Itu"),
        ("Ana Lima, ana.lima@exemplo.gov.br, Universidade de Brasília - UnB", ANA, "Universidade de Brasília - UnB"),
        ("sou a Ana Lima da TI do TCE, ana.lima@exemplo.gov.br", ANA, "TCE"),
        ("Nome Ana Lima Email ana.lima@exemplo.gov.br Orgao UFX", ANA, "UFX"),
        ("Nome: Ana Lima / E-mail: ana.lima@exemplo.gov.br / Órgão: CNPq", ANA, "CNPq"),
        ("Ana Lima trabalha na autarquia de águas, ana.lima@exemplo.gov.br", ANA, "autarquia de águas"),
        ("Ana Lima, exemplo, ana.lima@exemplo.gov.br", ANA, "exemplo"),  # what the address calls the organ
    ],
)  # fmt: skip
def test_all_three_are_found_however_they_are_put(text, name, organ):
    assert contact_in(text, KNOWLEDGE) == Contact(name, MAIL, organ)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Ana", Contact("Ana")),
        ("ana", Contact("ana")),
        ("Ana Lima", Contact(ANA)),
        ("ana lima da silva e souza", Contact("ana lima da silva e souza")),
        ("me chamo Ana Lima", Contact(ANA)),
        ("Meu nome é ANA", Contact("ANA")),
        ("Nome: Ana D'Ávila Sant'Anna", Contact("Ana D'Ávila Sant'Anna")),
        ("João B. de Lima Filho", Contact("João B. de Lima Filho")),
        ("Maria-Clara Zürn", Contact("Maria-Clara Zürn")),
        ("Ana Câmara", Contact("Ana Câmara")),
        ("Beto Câmara de Souza", Contact("Beto Câmara de Souza")),
        ("ana.lima@exemplo.gov.br", Contact(email=MAIL)),
        ("meu e-mail é ana.lima@exemplo.gov.br", Contact(email=MAIL)),
        ("pode ser ana.lima@exemplo.gov.br mesmo", Contact(email=MAIL)),
        ("email: ana.lima@exemplo.gov.br.", Contact(email=MAIL)),
        ("ana.lima@exemplo.gov.br ou ana@exemplo.gov.br", Contact(email=MAIL)),
        ("Prefeitura Municipal de Itu", Contact(organ="Prefeitura Municipal de Itu")),
        ("câmara de vereadores de itu", Contact(organ="câmara de vereadores de itu")),
        ("MGI", Contact(organ="MGI")),
        ("ibge", Contact(organ="ibge")),
        ("TJ-SP", Contact(organ="TJ-SP")),
        ("TRT9", Contact(organ="TRT9")),
        ("sou do IFBA", Contact(organ="IFBA")),
        ("sou da prefeitura", Contact(organ="prefeitura")),
        ("trabalho no serpro", Contact(organ="serpro")),
        ("pode ser Ana Lima", Contact(ANA)),
        ("trabalho no Ministério do Trabalho", Contact(organ="Ministério do Trabalho")),
        ("órgão: Casa da Moeda do Brasil", Contact(organ="Casa da Moeda do Brasil")),
        ("a prefeitura de Itu não consegue enviar", Contact(organ="prefeitura de Itu")),
        ("deu erro no SEI da prefeitura de Itu", Contact(organ="prefeitura de Itu")),
        ("Ana Lima\nana.lima@exemplo", Contact(ANA)),
    ],
)
def test_what_is_not_told_is_none(text, contact):
    assert contact_in(text, KNOWLEDGE) == contact


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "?", "👍", "sim", "ok", "pular", "não", "não sei", "não quero informar", "prefiro não dizer",
        "não consigo entrar no sistema", "quero abrir um chamado", "está dando erro", "o SEI caiu hoje",
        "tela branca quando assino", "o serviço caiu", "banco de dados fora do ar", "erro no PHP", "login do governo",
        "como faço isso?", "Ana não consegue assinar", "obrigada", "bom dia", "12345678", "cancelar", "é urgente",
        "nome: não tenho", "nome: ; órgão:", "esfera federal", "processo 23000.000001/2024-11",
        "setor de protocolo", "O módulo do Tramita", "SEI", "ORA-00942", "Erro 500",
    ],
)  # fmt: skip
def test_a_sentence_is_nobody(text):
    assert contact_in(text, KNOWLEDGE) == Contact()


def test_what_is_too_long_is_no_name():
    long = " ".join(["Ana"] * 8 + ["M" * 120])

    assert clean_name(long, KNOWLEDGE) is None
    assert clean_name(f"{'Ana ' * 9}", KNOWLEDGE) is None
    assert clean_organ("Secretaria de " + "Coisas " * 40, KNOWLEDGE) is None


def test_names_are_kept_as_typed_without_what_stands_around_them():
    assert clean_name("  sou a  Ana   LIMA. ", KNOWLEDGE) == "Ana LIMA"
    assert clean_name("4n4", KNOWLEDGE) is None
    assert clean_organ(" Zeladoria  do Porto, ", KNOWLEDGE) == "Zeladoria do Porto"
    assert clean_organ("não tenho", KNOWLEDGE) is None


@given(st.text(max_size=200))
def test_anything_typed_can_be_read(text):
    contact = contact_in(text, KNOWLEDGE)

    assert contact.name is None or (2 <= len(contact.name) <= 120 and not any(c.isdecimal() for c in contact.name))
    assert contact.organ is None or 2 <= len(contact.organ) <= 200


@pytest.mark.parametrize(
    ("domain", "sphere"),
    [
        ("exemplo.gov.br", "executivo_federal"), ("mgi.gov.br", "executivo_federal"),
        ("datasus.saude.gov.br", "executivo_federal"), ("eb.mil.br", "executivo_federal"),
        ("mma.gov.br", "executivo_federal"), ("MEC.GOV.BR", "executivo_federal"),
        ("tjba.jus.br", "outros_poderes"), ("senado.leg.br", "outros_poderes"), ("mpf.mp.br", "outros_poderes"),
        ("dpu.def.br", "outros_poderes"), ("tce.tc.br", "outros_poderes"), ("tcu.gov.br", "outros_poderes"),
        ("al.sp.gov.br", "outros_poderes"), ("tce.ba.gov.br", "outros_poderes"), ("tcemg.mg.gov.br", "outros_poderes"),
        ("camara.itu.sp.gov.br", "outros_poderes"), ("camaraitu.sp.gov.br", "outros_poderes"),
        ("cl.df.gov.br", "outros_poderes"), ("defensoria.rj.gov.br", "outros_poderes"),
        ("fazenda.sp.gov.br", "executivo_estadual"), ("saude.sp.gov.br", "executivo_estadual"),
        ("sefaz.ba.gov.br", "executivo_estadual"), ("sp.gov.br", "executivo_estadual"),
        ("protocolo.sefaz.ba.gov.br", "executivo_estadual"), ("cbmmg.mg.gov.br", "executivo_estadual"),
        ("policiacivil.rj.gov.br", "executivo_estadual"), ("buriti.df.gov.br", "executivo_estadual"),
        ("prefeitura.sp.gov.br", "executivo_municipal"), ("campinas.sp.gov.br", "executivo_municipal"),
        ("prefeituradeitu.sp.gov.br", "executivo_municipal"), ("educacao.campinas.sp.gov.br", "executivo_municipal"),
        ("saude.itu.sp.gov.br", "executivo_municipal"), ("camaragibe.pe.gov.br", "executivo_municipal"),
        ("alagoinhas.ba.gov.br", "executivo_municipal"), ("rio.rj.gov.br", "executivo_municipal"),
        ("pbh.gov.br", "executivo_municipal"),
        ("itu.sp.gov.br", None), ("xyz.ba.gov.br", None), ("gmail.com", None), ("ufmg.br", None), ("ifba.edu.br", None),
        ("exemplo.org.br", None), ("exemplo.gov.br.com", None), ("gov.pt", None),
    ],
)  # fmt: skip
def test_an_address_tells_the_sphere_or_nothing(domain, sphere):
    assert likely_sphere(f"ana@{domain}", None, KNOWLEDGE) == sphere


@pytest.mark.parametrize(
    ("email", "organ", "sphere"),
    [
        (None, "Prefeitura de Itu", "executivo_municipal"),
        (None, "Ministério da Saúde", "executivo_federal"),
        (None, "Secretaria de Estado da Fazenda", "executivo_estadual"),
        (None, "Tribunal Regional Federal", "outros_poderes"),
        (None, "Ministério Público do Estado", "outros_poderes"),
        (None, "Câmara de Itu", "outros_poderes"),
        (None, "TJSP", "outros_poderes"),
        (None, "CLDF", "outros_poderes"),
        (None, "Secretaria de Saúde", None),
        (None, "Zeladoria", None),
        (None, None, None),
        ("", "", None),
        ("ana@itu.sp.gov.br", "Secretaria de Saúde", None),
        ("ana@itu.sp.gov.br", "Prefeitura de Itu", "executivo_municipal"),
        ("ana@campinas.sp.gov.br", "Secretaria de Saúde", "executivo_municipal"),
        ("ana@campinas.sp.gov.br", "Câmara de Campinas", "outros_poderes"),  # the name goes before the address
        ("ana@gmail.com", "Prefeitura de Itu", "executivo_municipal"),
        ("ana@ufba.br", "Universidade Federal da Bahia", "executivo_federal"),
        ("ana@itu.sp.gov.br", "Secretaria Municipal e Secretaria Estadual", None),
        ("ana@saude.sp.gov.br", "Secretaria Municipal e Secretaria Estadual", "executivo_estadual"),
    ],
)
def test_the_name_of_the_organ_goes_before_the_address(email, organ, sphere):
    assert likely_sphere(email, organ, KNOWLEDGE) == sphere


def test_every_sphere_told_is_one_there_is():
    organs = KNOWLEDGE.organs

    assert {*organs.dominios, *organs.no_estado} <= set(KNOWLEDGE.spheres)
    assert set(organs.rotulos) == {"nome", "email", "orgao", "outro"}


def test_a_providers_address_is_personal():
    assert is_personal("ana@GMAIL.com", KNOWLEDGE)
    assert not is_personal("ana@exemplo.gov.br", KNOWLEDGE)
    assert not is_personal("", KNOWLEDGE)
