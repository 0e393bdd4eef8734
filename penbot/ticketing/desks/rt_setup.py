"""What a Request Tracker needs before it can take our tickets, as RT's own "initialdata" (Perl)."""

from __future__ import annotations

from collections.abc import Iterable

from penbot.knowledge import Knowledge
from penbot.ticketing.desks.rt_queues import FIELDS

GROUP = "Assistente PEN"
"""The group that holds the rights: the assistant's user has to be its member."""

_QUEUE_RIGHTS = ("SeeQueue", "ShowTicket", "CreateTicket", "ReplyToTicket", "CommentOnTicket", "ModifyTicket")
_FIELD_RIGHTS = ("SeeCustomField", "SetInitialCustomField")

_TEXT = """\
# Filas, campos e direitos de que o assistente precisa no Request Tracker 5.
# Aplique uma só vez: rt-setup-database --action insert --datafile ESTE_ARQUIVO
use utf8;

my @filas = (
{queues}
);
my @campos = (
{fields}
);

@Queues = map {{ {{ Name => $_->[0], Description => $_->[1] }} }} @filas;

my @onde = (LookupType => 'RT::Queue-RT::Ticket', Queue => [map {{ $_->[0] }} @filas]);
@CustomFields = map {{ {{ %$_, @onde }} }} @campos;

@Groups = ({{ Name => {group}, Description => 'Conta de serviço que abre e acompanha chamados' }});

my %grupo = (GroupDomain => 'UserDefined', GroupId => {group});
@ACL = (
    (map {{ {{ %grupo, Queue => $_->[0], Right => [qw({queue_rights})] }} }} @filas),
    (map {{ {{ %grupo, CF => $_->{{Name}}, Right => [qw({field_rights})] }} }} @campos),
);

1;
"""


def initialdata(knowledge: Knowledge) -> str:
    """The file for `rt-setup-database --action insert`: a queue for each product, the fields, the rights."""
    lists = {
        FIELDS["product"]: knowledge.products,
        FIELDS["sphere"]: knowledge.spheres,
        FIELDS["support_type"]: knowledge.support_types,
    }
    queues = (f"    [{_text(p.id)}, {_text(p.nome)}]," for p in knowledge.products.values())
    fields = (_field(name, lists.get(name)) for name in FIELDS.values())
    return _TEXT.format(
        queues="\n".join(queues),
        fields="\n".join(fields),
        group=_text(GROUP),
        queue_rights=" ".join(_QUEUE_RIGHTS),
        field_rights=" ".join(_FIELD_RIGHTS),
    )


def _field(name: str, values: Iterable[str] | None) -> str:
    if values is None:
        return f"    {{ Name => {_text(name)}, Type => 'FreeformSingle' }},"
    listed = ", ".join(f"{{ Name => {_text(value)} }}" for value in values)
    return f"    {{ Name => {_text(name)}, Type => 'SelectSingle', Values => [{listed}] }},"


def _text(value: str) -> str:
    """A Perl string in which nothing is interpolated."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
