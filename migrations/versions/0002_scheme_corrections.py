"""corrections of rhyme schemes."""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheme_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poem_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", app.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["admin.id"], name=op.f("fk_scheme_correction_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["poem_id"], ["poem.id"], name=op.f("fk_scheme_correction_poem_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_correction")),
    )
    with op.batch_alter_table("scheme_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheme_correction_poem_id"), ["poem_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("scheme_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheme_correction_poem_id"))

    op.drop_table("scheme_correction")
