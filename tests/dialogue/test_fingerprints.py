"""Logs and messages as people paste them: the fingerprints (`pistas`) alone tell the product, or none."""

import pytest

from penbot.dialogue.heard import Guess, Heard
from penbot.dialogue.naming import meant_products
from penbot.knowledge import load
from penbot.settings import ROOT

KNOWLEDGE = load(ROOT / "knowledge")

LOGS = {
    "modulo_tramita": [
        "PHP Fatal error:  Uncaught Error: Call to a member function getDblIdProcedimento() on null in "
        "/opt/sei/web/modulos/pen/rn/ExpedirProcedimentoRN.php:412",
        "#0 /opt/sei/web/modulos/pen/rn/ReceberProcedimentoRN.php(188): InfraRN->__call()\n"
        "#1 /opt/sei/web/rn/ProcedimentoRN.php(90): ProcedimentoRN->gerarRN0156()",
        "[2025-03-11 08:00:02] AgendamentoRN: PENAgendamentoRN::processarTarefasRecebimentoPEN - Falha",
        "InfraException: Falha no envio de recibo de conclusão do trâmite em ProcessoEletronicoRN.php linha 731, "
        "https://api.conectagov.processoeletronico.gov.br/interoperabilidade/soap/v3",
        "SQLSTATE[42S02]: Base table or view not found: 1146 Table 'sei.md_pen_tramite' doesn't exist",
        "ORA-00001: unique constraint (SEI.PK_MD_PEN_COMPONENTE_DIGITAL) violated",
        "PenRelTipoDocMapEnviadoRN: nenhum mapeamento para a espécie 179",
        "Worker gearman morreu: ProcessarPendenciasRN -> PendenciasTramiteRN->receberPendencias",
        "parâmetro PEN_ID_REPOSITORIO_ORIGEM não encontrado",
        "php sei/scripts/mod-pen/sei_atualizar_versao_modulo_pen.php\nERRO: versão incompatível",
        "NOTICE: PenBlocoProcessoRN.php on line 77 Undefined index",
        "o processo está parado no status 5 desde sexta",
        "[error] MonitoramentoRecebimentoTarefasPEN.php: cURL error 28",
    ],
    "modulo_wssei": [
        "Slim Application Error: Type: Error Message: Class 'MdWsSeiProcessoRN' not found",
        "GET /sei/controlador_ws.php/api/v2/processo/listar 500 (Internal Server Error)",
        "Undefined property in /opt/sei/web/modulos/wssei/rn/MdWsSeiDocumentoRN.php:1290\n"
        "#3 /opt/sei/web/rn/DocumentoRN.php(55)",
        "PHP Warning: MdWsSeiAcompanhamentoEspecialRN::listar(): Argument #1",
        "insert into md_wssei_notificacao_ativ failed: ORA-01400",
        "TokenValidationMiddleware: token inválido",
    ],
    "modulo_gestao_documental": [
        "InfraException em MdGdArquivamentoRN.php linha 233: Existe um arquivamento ativo para esse processo",
        "Class 'MdGdRecolhimentoHistoricoRN' not found",
        "Table 'sei.md_gd_lista_elim_procedimento' doesn't exist",
        "controlador.php?acao=gd_avaliacao_processos_listar devolve tela branca",
        "A unidade atual não possui unidade de arquivamento configurada!",
    ],
    "modulo_assinatura_eletronica": [
        "PHP Fatal error: Uncaught Error in MdAssinaturaRN.php:412",
        "MdAssinaturaIcpRN: {\"error\":\"invalid_client\"} POST https://cas.iti.br/oauth2.0/token",
        "AssinaturaAvancadaIntegracao::montarBotao - propriedade indefinida",
        "javax.net.ssl.SSLHandshakeException ao chamar https://api.iti.gov.br/validar",
        "openssl: Pkcs12 mac verify failure",
    ],
    "modulo_login_externo_govbr": [
        "MdLoginUnicoRN.php(118): cURL error 60: SSL certificate problem https://sso.acesso.gov.br/token",
        "invalid redirect_uri: https://exemplo.gov.br/controlador_loginunico.php",
        "Class 'MdLoginUnicoCadastroRN' not found",
        "#2 /opt/sei/web/modulos/loginunico/LoginUnicoIntegracao.php(65)",
        "INSERT INTO md_login_unico violates not-null constraint",
    ],
    "modulo_protocolo_integrado": [
        "Falha em ProtocoloIntegradoAgendamentoRN::publicarProtocoloIntegrado: SOAP-ERROR: Parsing WSDL: Couldn't load "
        "from 'https://protocolointegrado.gov.br/ProtocoloWS/integradorService?wsdl'",
        "Table 'sei.md_pi_pacote_envio' doesn't exist",
        "Undefined offset in /opt/sei/web/modulos/protocolo-integrado/rn/ProtocoloIntegradoMensagemRN.php",
        "ProtocoloIntegradoClienteRestWS: HTTP 401 enviarListaDocumentos",
    ],
    "modulo_resposta_protocolo_govbr": [
        "MdRespostaEnvioRN->enviarResposta(): Could not connect to host",
        "#0 /opt/sei/web/modulos/mod-sei-resposta/ws/MdRespostaWS.php(41)",
        "ORA-02291: integrity constraint (SEI.FK_MD_RESPOSTA_ENVIO) violated",
        "controlador.php?acao=md_resposta_configuracao Acesso negado",
    ],
    "modulo_estatistico": [
        "MdEstatisticasAgendamentoRN: Erro processando estatísticas do sistema.",
        "#1 /opt/sei/web/modulos/mod-sei-estatisticas/rn/MdEstatisticasEnviarRN.php(59): http code 403",
        "MdEstatisticasArquivoRN.php line 14 memory exhausted",
    ],
    "sei": [
        "InfraException [Object] ( [0] => Erro indexando processo. ) IndexacaoRN.php:88",
        "PHP Fatal error: Allowed memory size exhausted in /opt/sei/web/rn/EditorRN.php on line 2011",
        "solr: Document contains at least one immense term in field",
        "jodconverter: Connection refused localhost:8080",
        "SoapFault SeiWS.php: Unidade não encontrada em gerarProcedimento",
    ],
    "api_tramita": [
        "org.apache.http: GET /interoperabilidade/rest/v3/tramites/pendentes -> 403 no nosso conector",
        "Fault: interoperabilidadeException código 1003 ao chamar solicitarMetadados",
    ],
    "api_protocolo_integrado": [
        'POST /autenticarPorOrgao {"codigoOrgao": 123} -> 401 Unauthorized',
        "enviarListaDocumentos -> 400 dataHoraProducao fora do padrão",
    ],
    "portal_tramita": [
        "https://homolog.gestaopen.processoeletronico.gov.br/solicitarCadastroComite ERR_CONNECTION_RESET",
        "502 Bad Gateway em listarGestoresProtocolo",
    ],
    "portal_protocolo_integrado": ["javax.faces.application.ViewExpiredException: /Protocolo/projeto.jsf"],
    "nup": ["Uncaught ReferenceError: calculaDV is not defined", "dígito verificador errado: 23000.000001/2024-00"],
}  # fmt: skip

OTHERS = [
    "java.lang.NullPointerException\n\tat br.gov.exemplo.folha.PagamentoServlet.doGet(PagamentoServlet.java:41)",
    "PHP Fatal error: Uncaught TypeError: count(): Argument #1 must be of type Countable in /var/www/html/index.php:3",
    "502 Bad Gateway nginx/1.18.0",
    "curl: (28) Connection timed out after 30001 milliseconds",
    "ORA-12541: TNS:no listener",
    "SQLSTATE[HY000] [2002] Connection refused",
    "Mysql server has gone away",
    "Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\nKeyError: 'id'",
    "Uncaught TypeError: Cannot read properties of undefined (reading 'map')",
    "ERR_CERT_DATE_INVALID",
    "HTTP Error 404.0 - Not Found",
    "Out of memory: Killed process 4121 (httpd)",
    "Segmentation fault (core dumped)",
    "Erro 500 - Internal Server Error",
    "permission denied: '/var/log/httpd/error_log'",
    "Windows não pode acessar \\\\servidor\\pasta. Código do erro: 0x80070035",
    "kubectl: pod em CrashLoopBackOff há 12 minutos",
    "docker: Error response from daemon: no space left on device",
    "quais são os módulos do PEN?",
    "o documento saiu com o status errado na lista",
    "qual é a versão mais nova?",
]

# A module's log shows what it runs in and what it calls, too.
SHARED = {
    "SOAP: receberComponenteDigital em ReceberComponenteDigitalRN.php": "modulo_tramita",
    "protocolointegrado.gov.br/ProtocoloWS no log de ProtocoloIntegradoPacoteEnvioRN": "modulo_protocolo_integrado",
    "DocumentoRN.php chamado por MdWsSeiBlocoRN.php": "modulo_wssei",
    "AssinaturaRN.php chamado por MdAssinaturaRN.php": "modulo_assinatura_eletronica",
}


def meant(text):
    heard = Heard(text, (Guess("reportar_erro", 0.9),), tuple(KNOWLEDGE.vocabulary.mentions(text)))
    return meant_products(heard, KNOWLEDGE, problem=True)


@pytest.mark.parametrize(("product", "log"), [(product, log) for product, logs in LOGS.items() for log in logs])
def test_a_log_names_its_product(product, log):
    assert meant(log).ids == (product,)


@pytest.mark.parametrize(("product", "log"), [(product, log) for product, logs in LOGS.items() for log in logs])
def test_a_log_names_its_product_inside_a_sentence_in_capitals(product, log):
    assert meant(f"Prezados, apareceu isto: {log.upper()} . O que fazer?").ids == (product,)


@pytest.mark.parametrize("log", OTHERS)
def test_what_any_program_may_say_names_nothing(log):
    assert not meant(log).ids


@pytest.mark.parametrize(("log", "product"), SHARED.items())
def test_the_module_counts_before_its_host_and_the_services_it_calls(log, product):
    assert meant(log).ids == (product,)


def test_two_modules_in_one_log_are_not_decided():
    assert not meant("MdWsSeiRest e MdGdArquivamentoRN").ids
