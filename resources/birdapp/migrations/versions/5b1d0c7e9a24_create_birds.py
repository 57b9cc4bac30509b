"""create birds"""

import sqlalchemy as sa
from alembic import op

revision = "5b1d0c7e9a24"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "birds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("species", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("birds")
