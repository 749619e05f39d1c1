"""The command line: parse, call the public API, print or draw; no physics of its own."""


def main() -> None:
    """Run the command line; the entry point of the `filmcell` command."""
    from filmcell.cli.app import app

    app()
