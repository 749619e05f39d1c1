"""Run the commands with ``python -m filmcell``."""

from filmcell.cli import main

if __name__ == "__main__":
    main()
