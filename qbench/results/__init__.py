"""What is kept: the raw records of a run and the facts about its machine."""
