"""Alembic's way in: the tables of the connection it is given."""

from alembic import context

from adscan.web.kept.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
