"""The command `gongkai`: what every subcommand has in common.

Exit codes: 0 done, 1 failed, 2 used wrongly, 3 done with some inputs refused. Results go to stdout, progress and
messages to stderr.
"""

from __future__ import annotations

import sys

import click

from corpus.errors import CorpusError
from indexer.errors import IndexerError, QueryError
from webapp.commands import accounts, backups, collect, duplicates, export, find, keep, move, serving


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gongkai")
def gongkai() -> None:
    """A searchable index of what Chinese government bodies publish (政务公开)."""


for command in (
    serving.demo,
    collect.crawl,
    collect.ingest,
    collect.reparse,
    find.index,
    find.encode,
    find.search,
    find.evaluate,
    export.export,
    duplicates.duplicates,
    keep.withdraw,
    keep.status,
    backups.backup,
    backups.restore,
    move.migrate,
    serving.serve,
    accounts.user,
    accounts.token,
):
    gongkai.add_command(command)


def main() -> None:
    """Run the command line; errors of ours are one line that names the bad value and the remedy, never a traceback."""
    try:
        sys.exit(gongkai(standalone_mode=False))
    except click.exceptions.Abort:
        _fail("interrupted; what was committed is kept, run the same command again to go on", 1)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except QueryError as error:
        _fail(str(error), 2)
    except (CorpusError, IndexerError) as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", 1)


def _fail(message: str, code: int) -> None:
    click.echo(f"gongkai: {message}", err=True)
    sys.exit(code)
