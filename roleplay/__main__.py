"""`python -m roleplay`: the same as `roleplay`."""

from roleplay.cli.main import main

if __name__ == "__main__":
    main()
