"""joining, expertise, timing, attention checks, exclusions and erasure.

Tables that are rebuilt on SQLite lose their check constraints on the way: they are stated again.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import app.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = "('expert', 'nonexpert', 'judge')"
_TWO_POEMS = ("two_poems", "left_poem_id <> right_poem_id")
_RATER_KIND = ("rater_kind", f"kind IN {_KINDS}")
_NEW_RATER_CHECKS = (
    ("self_described", f"self_described IN {_KINDS}"),
    ("scored_as", f"scored_as IN {_KINDS}"),
)
_NEW_SLOT_CHECKS = (
    ("purpose", "purpose IN ('measure', 'repeat', 'check')"),
    ("check_side", "check_side IN ('left', 'right', 'tie')"),
    (
        "check_has_no_poems",
        (
            "(purpose = 'check') = (pair_id IS NULL)"
            " AND (purpose = 'check') = (left_poem_id IS NULL)"
            " AND (purpose = 'check') = (right_poem_id IS NULL)"
            " AND (purpose = 'check') = (check_side IS NOT NULL)"
        ),
    ),
)
_NEW_VOTE_COLUMNS = (
    ("reading_ms", sa.Integer),
    ("hidden_ms", sa.Integer),
    ("left_ms", sa.Integer),
    ("right_ms", sa.Integer),
    ("layout", sa.String),
    ("viewport_width", sa.Integer),
    ("viewport_height", sa.Integer),
    ("input_kind", sa.String),
)
_POEM_COLUMNS = ("pair_id", "left_poem_id", "right_poem_id")


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_shown_at", app.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_consent_text")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("rater_key", sa.String(), nullable=False),
        sa.Column("n_votes", sa.Integer(), nullable=False),
        sa.Column("erased_at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_erasure_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_study_id"), "erasure", ["study_id"])
    op.create_table(
        "personal_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("used_at", app.db.UtcDateTime(), nullable=True),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_personal_link_rater_kind")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_personal_link_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("key", name=op.f("uq_personal_link_key")),
    )
    op.create_index(op.f("ix_personal_link_study_id"), "personal_link", ["study_id"])
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["admin.id"], name=op.f("fk_exclusion_made_by")),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["rater.id"], name=op.f("fk_exclusion_rater_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    op.create_index(op.f("ix_exclusion_rater_id"), "exclusion", ["rater_id"])
    op.create_table(
        "participant",
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("panel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("external_study", sa.String(), nullable=True),
        sa.Column("external_session", sa.String(), nullable=True),
        sa.Column("earlier_visits", sa.Text(), nullable=True),
        sa.Column("came_at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["rater.id"], name=op.f("fk_participant_rater_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_participant_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rater_id", name=op.f("pk_participant")),
        sa.UniqueConstraint(
            "study_id",
            "panel",
            "external_id",
            name=op.f("uq_participant_study_id_panel_external_id"),
        ),
    )
    op.create_table(
        "vote_follow_up",
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("ease", sa.Integer(), nullable=True),
        sa.Column("at", app.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 1 AND 5", name=op.f("ck_vote_follow_up_confidence")),
        sa.CheckConstraint("ease BETWEEN 1 AND 5", name=op.f("ck_vote_follow_up_ease")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_follow_up_vote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_vote_follow_up")),
    )
    with op.batch_alter_table("poem_set") as table:
        table.add_column(sa.Column("decisions", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("group_link") as table:
        table.add_column(sa.Column("quota", sa.Integer(), nullable=True))
    with op.batch_alter_table("study") as table:
        table.add_column(sa.Column("design", sa.JSON(), server_default="{}", nullable=False))
        table.add_column(sa.Column("recruitment", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("vote") as table:
        for name, kind in _NEW_VOTE_COLUMNS:
            table.add_column(sa.Column(name, kind(), nullable=True))
    _change_raters()
    _change_slots()


def downgrade() -> None:
    op.execute("DELETE FROM slot WHERE purpose <> 'measure'")
    with op.batch_alter_table("slot") as table:
        table.drop_constraint(op.f("uq_slot_rater_id_pair_id_purpose"), type_="unique")
        table.create_unique_constraint(op.f("uq_slot_rater_id_pair_id"), ["rater_id", "pair_id"])
        for name in _POEM_COLUMNS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
        _drop_checks(table, "slot", _NEW_SLOT_CHECKS)
        table.drop_column("check_side")
        table.drop_column("purpose")
        _state_again(table, "slot", _TWO_POEMS)
    with op.batch_alter_table("rater") as table:
        _drop_checks(table, "rater", _NEW_RATER_CHECKS)
        for name in (
            "withdrawn_at",
            "screened_out_at",
            "last_break",
            "practised_at",
            "scored_as",
            "expertise_score",
            "self_described",
        ):
            table.drop_column(name)
        _state_again(table, "rater", _RATER_KIND)
    with op.batch_alter_table("vote") as table:
        for name, _kind in _NEW_VOTE_COLUMNS:
            table.drop_column(name)
        for name, condition in (
            ("attempt", "attempt > 0"),
            ("decision_ms", "decision_ms >= 0"),
            ("choice", "choice IN ('left', 'right', 'tie')"),
        ):
            _state_again(table, "vote", (name, condition))
    with op.batch_alter_table("study") as table:
        table.drop_column("recruitment")
        table.drop_column("design")
        for name, condition in (
            ("pairs_per_rater", "pairs_per_rater > 0"),
            ("study_state", "state IN ('draft', 'open', 'closed')"),
            ("pairing", "pairing IN ('within_prompt', 'across_set')"),
        ):
            _state_again(table, "study", (name, condition))
    with op.batch_alter_table("poem_set") as table:
        table.drop_column("decisions")
    with op.batch_alter_table("group_link") as table:
        table.drop_column("quota")
        _state_again(table, "group_link", _RATER_KIND)
    for name in (
        "vote_follow_up",
        "participant",
        "exclusion",
        "personal_link",
        "erasure",
        "consent_text",
    ):
        op.drop_table(name)


def _change_raters() -> None:
    with op.batch_alter_table("rater") as table:
        table.add_column(sa.Column("self_described", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("expertise_score", sa.Float(), nullable=True))
        table.add_column(sa.Column("scored_as", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("practised_at", app.db.UtcDateTime(), nullable=True))
        table.add_column(sa.Column("last_break", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("screened_out_at", app.db.UtcDateTime(), nullable=True))
        table.add_column(sa.Column("withdrawn_at", app.db.UtcDateTime(), nullable=True))
        for name, condition in _NEW_RATER_CHECKS:
            table.create_check_constraint(op.f(f"ck_rater_{name}"), condition)
        _state_again(table, "rater", _RATER_KIND)


def _change_slots() -> None:
    with op.batch_alter_table("slot") as table:
        table.add_column(
            sa.Column("purpose", sa.String(length=20), server_default="measure", nullable=False)
        )
        table.add_column(sa.Column("check_side", sa.String(length=20), nullable=True))
        for name in _POEM_COLUMNS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=True)
        table.drop_constraint(op.f("uq_slot_rater_id_pair_id"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_slot_rater_id_pair_id_purpose"), ["rater_id", "pair_id", "purpose"]
        )
        for name, condition in _NEW_SLOT_CHECKS:
            table.create_check_constraint(op.f(f"ck_slot_{name}"), condition)
        _state_again(table, "slot", _TWO_POEMS)


def _state_again(table: BatchOperations, name: str, check: tuple[str, str]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        table.create_check_constraint(op.f(f"ck_{name}_{check[0]}"), check[1])


def _drop_checks(table: BatchOperations, name: str, checks: tuple[tuple[str, str], ...]) -> None:
    """On SQLite they go with the rebuilding."""
    if op.get_bind().dialect.name != "sqlite":
        for check, _condition in checks:
            table.drop_constraint(op.f(f"ck_{name}_{check}"), type_="check")
