"""Called by `flask db …`: tells Alembic which database and which models to work on."""

from logging.config import fileConfig

from alembic import context
from flask import current_app

fileConfig(context.config.config_file_name, disable_existing_loggers=False)
migrate = current_app.extensions["migrate"]
settings = {"target_metadata": migrate.db.metadata, **migrate.configure_args}


def skip_empty_revision(migration_context, revision, directives):
    """`flask db migrate` writes no file when the models and the database agree."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        print("The database has everything that the models have.")


if context.is_offline_mode():
    # `flask db upgrade --sql` prints the statements and needs no connection.
    context.configure(dialect_name="postgresql", literal_binds=True, **settings)
    with context.begin_transaction():
        context.run_migrations()
else:
    settings.setdefault("process_revision_directives", skip_empty_revision)
    with migrate.db.engine.connect() as connection:
        context.configure(connection=connection, **settings)
        with context.begin_transaction():
            context.run_migrations()
