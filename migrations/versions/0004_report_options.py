"""options of reports, and reports that follow a running study."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("seen", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("report") as table:
        table.drop_column("seen")
        table.drop_column("live")
        table.drop_column("options")
