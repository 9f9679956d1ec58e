"""How it is shown: text for the terminal."""
