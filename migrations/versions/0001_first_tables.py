"""first tables."""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("disabled_at", app.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin")),
        sa.UniqueConstraint("email", name=op.f("uq_admin_email")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("enqueued_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("leased_until", app.db.UtcDateTime(), nullable=True),
        sa.Column("finished_at", app.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_state_enqueued_at"), ["state", "enqueued_at"], unique=False
        )

    op.create_table(
        "secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("at", app.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_failure_email_at"), ["email", "at"], unique=False
        )

    op.create_table(
        "admin_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admin.id"], name=op.f("fk_admin_session_admin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_admin_session_token_hash")),
    )
    with op.batch_alter_table("admin_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admin_session_admin_id"), ["admin_id"], unique=False)

    op.create_table(
        "poem_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("n_poems", sa.Integer(), nullable=False),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["admin.id"], name=op.f("fk_poem_set_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poem_set")),
        sa.UniqueConstraint("key", name=op.f("uq_poem_set_key")),
        sa.UniqueConstraint("name", name=op.f("uq_poem_set_name")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("used_at", app.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admin.id"], name=op.f("fk_sign_in_link_admin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_admin_id"), ["admin_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("set_name", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admin.id"], name=op.f("fk_upload_admin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_key")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_admin_id"), ["admin_id"], unique=False)

    op.create_table(
        "prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poem_set_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["poem_set_id"], ["poem_set.id"], name=op.f("fk_prompt_poem_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
        sa.UniqueConstraint(
            "poem_set_id", "prompt_id", name=op.f("uq_prompt_poem_set_id_prompt_id")
        ),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("poem_set_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                name="study_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "pairing",
            sa.Enum(
                "within_prompt",
                "across_set",
                name="pairing",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("pairs_per_rater", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", app.db.UtcDateTime(), nullable=True),
        sa.Column("closed_at", app.db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("pairs_per_rater > 0", name=op.f("ck_study_pairs_per_rater")),
        sa.ForeignKeyConstraint(["created_by"], ["admin.id"], name=op.f("fk_study_created_by")),
        sa.ForeignKeyConstraint(
            ["poem_set_id"], ["poem_set.id"], name=op.f("fk_study_poem_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("key", name=op.f("uq_study_key")),
        sa.UniqueConstraint("name", name=op.f("uq_study_name")),
    )
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_poem_set_id"), ["poem_set_id"], unique=False)

    op.create_table(
        "group_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "expert",
                "nonexpert",
                "judge",
                name="rater_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_group_link_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_link")),
        sa.UniqueConstraint("key", name=op.f("uq_group_link_key")),
        sa.UniqueConstraint("study_id", "kind", name=op.f("uq_group_link_study_id_kind")),
    )
    op.create_table(
        "poem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poem_set_id", sa.Integer(), nullable=False),
        sa.Column("poem_id", sa.String(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("style_instruction", sa.Text(), nullable=True),
        sa.Column("meta", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poem_set_id"], ["poem_set.id"], name=op.f("fk_poem_poem_set_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_poem_prompt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poem")),
        sa.UniqueConstraint("poem_set_id", "poem_id", name=op.f("uq_poem_poem_set_id_poem_id")),
    )
    with op.batch_alter_table("poem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poem_prompt_id"), ["prompt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_poem_text_hash"), ["text_hash"], unique=False)

    op.create_table(
        "rater",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "expert",
                "nonexpert",
                "judge",
                name="rater_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("consent_version", sa.String(), nullable=True),
        sa.Column("consented_at", app.db.UtcDateTime(), nullable=True),
        sa.Column("joined_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("answered_at", app.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_rater_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rater")),
        sa.UniqueConstraint("key", name=op.f("uq_rater_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_rater_token_hash")),
    )
    with op.batch_alter_table("rater", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rater_study_id"), ["study_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("created_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("finished_at", app.db.UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("charts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("app_version", sa.String(), nullable=False),
        sa.Column("feature_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["admin.id"], name=op.f("fk_report_created_by")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_report_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("key", name=op.f("uq_report_key")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_study_id"), ["study_id"], unique=False)

    op.create_table(
        "pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("first_poem_id", sa.Integer(), nullable=False),
        sa.Column("second_poem_id", sa.Integer(), nullable=False),
        sa.Column("drawn_expert", sa.Integer(), nullable=False),
        sa.Column("drawn_nonexpert", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_poem_id < second_poem_id", name=op.f("ck_pair_order")),
        sa.ForeignKeyConstraint(["first_poem_id"], ["poem.id"], name=op.f("fk_pair_first_poem_id")),
        sa.ForeignKeyConstraint(
            ["second_poem_id"], ["poem.id"], name=op.f("fk_pair_second_poem_id")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_pair_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
        sa.UniqueConstraint(
            "study_id",
            "first_poem_id",
            "second_poem_id",
            name=op.f("uq_pair_study_id_first_poem_id_second_poem_id"),
        ),
    )
    op.create_table(
        "poem_feature",
        sa.Column("poem_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["poem_id"], ["poem.id"], name=op.f("fk_poem_feature_poem_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poem_id", "name", name=op.f("pk_poem_feature")),
    )
    op.create_table(
        "rater_answer",
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("instrument_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["rater.id"], name=op.f("fk_rater_answer_rater_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rater_id", "item", name=op.f("pk_rater_answer")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("left_poem_id", sa.Integer(), nullable=False),
        sa.Column("right_poem_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", app.db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("left_poem_id <> right_poem_id", name=op.f("ck_slot_two_poems")),
        sa.ForeignKeyConstraint(["left_poem_id"], ["poem.id"], name=op.f("fk_slot_left_poem_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_slot_pair_id")),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["rater.id"], name=op.f("fk_slot_rater_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["right_poem_id"], ["poem.id"], name=op.f("fk_slot_right_poem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("key", name=op.f("uq_slot_key")),
        sa.UniqueConstraint("rater_id", "pair_id", name=op.f("uq_slot_rater_id_pair_id")),
        sa.UniqueConstraint("rater_id", "position", name=op.f("uq_slot_rater_id_position")),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_pair_id"), ["pair_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "left",
                "right",
                "tie",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("shown_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("cast_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("decision_ms", sa.Integer(), nullable=True),
        sa.Column("app_version", sa.String(), nullable=False),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_vote_attempt")),
        sa.CheckConstraint("decision_ms >= 0", name=op.f("ck_vote_decision_ms")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_vote_slot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("key", name=op.f("uq_vote_key")),
        sa.UniqueConstraint("slot_id", "attempt", name=op.f("uq_vote_slot_id_attempt")),
    )
    op.create_table(
        "vote_retraction",
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_retraction_vote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_vote_retraction")),
    )


def downgrade() -> None:
    op.drop_table("vote_retraction")
    op.drop_table("vote")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_pair_id"))

    op.drop_table("slot")
    op.drop_table("rater_answer")
    op.drop_table("poem_feature")
    op.drop_table("pair")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_study_id"))

    op.drop_table("report")
    with op.batch_alter_table("rater", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rater_study_id"))

    op.drop_table("rater")
    with op.batch_alter_table("poem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poem_text_hash"))
        batch_op.drop_index(batch_op.f("ix_poem_prompt_id"))

    op.drop_table("poem")
    op.drop_table("group_link")
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_poem_set_id"))

    op.drop_table("study")
    op.drop_table("prompt")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_admin_id"))

    op.drop_table("upload")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_admin_id"))

    op.drop_table("sign_in_link")
    op.drop_table("poem_set")
    with op.batch_alter_table("admin_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admin_session_admin_id"))

    op.drop_table("admin_session")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_email_at"))

    op.drop_table("sign_in_failure")
    op.drop_table("secret")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state_enqueued_at"))

    op.drop_table("job")
    op.drop_table("admin")
