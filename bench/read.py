"""`bench.reading` as a command: imported as `leadcycle extract` is, without NumPy and pandas."""

from connectors.bare_arrow import keep_arrow_bare

if __name__ == "__main__":
    keep_arrow_bare()
    from bench.reading import main

    main()
