"""What it means: statistics and tables, computed from raw records alone."""
