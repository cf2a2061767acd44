"""comparisons of the sources of poem sets."""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_comparison",
        sa.Column("poem_set_id", sa.Integer(), nullable=False),
        sa.Column("made_at", app.db.UtcDateTime(), nullable=False),
        sa.Column("feature_version", sa.String(), nullable=False),
        sa.Column("n_corrections", sa.Integer(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("rhymes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poem_set_id"],
            ["poem_set.id"],
            name=op.f("fk_source_comparison_poem_set_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("poem_set_id", name=op.f("pk_source_comparison")),
    )


def downgrade() -> None:
    op.drop_table("source_comparison")
