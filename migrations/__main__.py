"""`python -m migrations "what changed"` writes a revision: the models against the latest one.

It is a draft. Read it: Alembic sees neither changed CHECKs nor changed conditions of indexes
(tests/database/test_migrations.py does), nor that a column was renamed.
"""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import models
from bot import migrate
from models.base import Base, Database


def main(message: str) -> None:
    """Compares in a database of its own, which is deleted again."""
    for module in iter_modules(models.__path__):
        import_module(f"models.{module.name}")
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'compared.sqlite3'}"
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        migrate.upgrade(url)
        database = Database(url)
        with database.engine.connect() as connection:
            config.attributes |= {"connection": connection, "metadata": Base.metadata}
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
        database.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
