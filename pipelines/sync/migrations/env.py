"""How Alembic reaches the state store: by the connection that `migrate.py` hands it."""

from alembic import context

from pipelines.sync.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
