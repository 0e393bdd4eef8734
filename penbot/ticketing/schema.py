"""Every table of ours: the outbox, what is being written, and the local desk. Times are aware, in UTC."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

VERSION = 1
metadata = MetaData()


class Moment(TypeDecorator):  # type: ignore[misc]  # SQLAlchemy 1.4 has no types
    """An aware time. SQLite has none: there it is written in UTC without saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(timezone.utc)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

outbox = Table(
    "outbox",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("protocol", String(40), nullable=False, unique=True),
    Column("conversation", String(255), nullable=False, index=True),
    Column("product", String(64), nullable=False),
    Column("sphere", String(64), nullable=False),
    Column("support_type", String(64), nullable=False),
    Column("requester", String(32), nullable=False, index=True),  # a fingerprint
    Column("words", Text, nullable=False),  # fingerprints
    Column("content", LargeBinary),  # locked; NULL once the desk has it
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("since", Moment, nullable=False),  # when we began to try; again when an operator resumes it
    Column("next_at", Moment, nullable=False, index=True),
    Column("lease_owner", String(255)),
    Column("lease_until", Moment),
    Column("sent_at", Moment),  # set: a write was begun, and it is not known that nothing came of it
    Column("ref_id", String(64)),
    Column("ref_number", String(64)),
    Column("ref_url", Text),
    Column("told_at", Moment),  # when the requester was told the desk's number
    Column("last_error", Text),
)

notes = Table(
    "notes",
    metadata,
    Column("key", ForeignKey("outbox.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", String(32), nullable=False),  # a fingerprint
    Column("at", Moment, nullable=False),
    Column("arrived", Boolean, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("key", ForeignKey("outbox.key"), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("comment", LargeBinary, nullable=False),  # locked
    Column("at", Moment, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("conversation", String(255), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # locked
    Column("expires_at", Moment, nullable=False, index=True),
)

desk_tickets = Table(
    "desk_tickets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("number", String(40), nullable=False, index=True),
    Column("product", String(64), nullable=False),
    Column("sphere", String(64), nullable=False),
    Column("support_type", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("requester_name", Text, nullable=False),
    Column("requester_email", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("before_waiting", String(32)),  # where it goes on once the requester answers
    Column("opened_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("waiting_since", Moment),
    Column("closed_at", Moment),
    sqlite_autoincrement=True,  # an id is never given twice
)

desk_history = Table(
    "desk_history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", ForeignKey("desk_tickets.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("status", String(32), nullable=False),
    Column("note", Text, nullable=False),
)

desk_comments = Table(
    "desk_comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", ForeignKey("desk_tickets.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("by_staff", Boolean, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("text", Text, nullable=False),
)

desk_files = Table(
    "desk_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", ForeignKey("desk_tickets.id"), nullable=False, index=True),
    Column("comment_id", ForeignKey("desk_comments.id")),  # NULL: it came with the ticket
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
