from penbot.ticketing.offer import likeliest_type, only_sphere, refusal


def test_what_the_annex_offers_is_not_refused(knowledge):
    for product in knowledge.products.values():
        for sphere in product.disponivel_para:
            for type_ in product.suporte:
                assert refusal(product, sphere, type_) is None


def test_every_other_sphere_and_type_is_refused_with_what_there_is(knowledge):
    for product in knowledge.products.values():
        for sphere in set(knowledge.spheres) - set(product.disponivel_para):
            assert refusal(product, sphere, None).available == product.disponivel_para
        for type_ in set(knowledge.support_types) - set(product.suporte):
            assert refusal(product, None, type_).available == product.suporte


def test_what_is_not_filled_in_is_not_judged(knowledge):
    assert refusal(knowledge.products["nup"], None, None) is None


def test_the_only_sphere_need_not_be_asked(knowledge):
    assert only_sphere(knowledge.products["nup"]) == "executivo_federal"
    assert only_sphere(knowledge.products["sei"]) is None


ALIKE = {"solicitar_acesso": "solicitar_acesso_portal", "solicitar_acesso_portal": "solicitar_acesso"}


def test_access_is_the_kind_of_access_the_product_has(knowledge):
    nup, portal = knowledge.products["nup"], knowledge.products["portal_tramita"]

    assert likeliest_type(nup, [("solicitar_acesso", 0.9)], [], ALIKE) == "solicitar_acesso_portal"
    assert likeliest_type(portal, [("solicitar_acesso_portal", 0.9)], [], ALIKE) == "solicitar_acesso"


def test_a_likely_offered_type_goes_before_a_likelier_one_that_is_not(knowledge):
    ranking = [("solicitar_acesso_codigo", 0.5), ("solicitar_acesso", 0.4)]

    assert likeliest_type(knowledge.products["modulo_wssei"], ranking, [], {}) == "solicitar_acesso"


def test_a_type_named_but_not_offered_stays_for_the_refusal(knowledge):
    ranking = [("solicitar_credenciais", 0.95), ("reportar_erro", 0.01)]

    assert likeliest_type(knowledge.products["sei"], ranking, ["solicitar_credenciais"], {}) == "solicitar_credenciais"
