"""The hand-written scripts are programs: collecting them for doctests would run them."""

collect_ignore_glob = ["plain/*"]
