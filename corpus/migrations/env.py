"""Run by alembic: the revisions go through the connection that `corpus.migrations.upgrade` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
