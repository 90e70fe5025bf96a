"""What a referral to other services says, and what they know of a child"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT, NUMBER, YES = sa.Text(), sa.BigInteger(), sa.Boolean()
COLUMNS: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "referral": {
        "parents_told": TEXT,
        "concern": TEXT,
        "factors": TEXT,
        "phoned_at": sa.DateTime(timezone=True),
        "is_on_order": YES,
        "weekly_minutes_attended": NUMBER,
    },
    "circumstance": {
        "provision": TEXT,
        "suitability": TEXT,
        "weekly_minutes_offered": NUMBER,
        "weekly_minutes_attended": NUMBER,
        "sessions_possible": NUMBER,
        "sessions_attended": NUMBER,
        "sessions_detained": NUMBER,
        "sessions_part_time": NUMBER,
        "suspension_reason": TEXT,
        "sen_provision": TEXT,
        "sen_type": TEXT,
        "legal_status": TEXT,
        "concern": TEXT,
        "is_confidential": YES,
        "detail_as_sent": TEXT,
    },
}
TABLES = [(f"{kind}{ending}", columns) for kind, columns in COLUMNS.items() for ending in ("", "_history")]


def upgrade() -> None:
    for table, columns in TABLES:
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in TABLES:
        for name in columns:
            op.drop_column(table, name)
