"""`python -m webapp` is `gongkai`."""

from webapp.cli import main

if __name__ == "__main__":
    main()
