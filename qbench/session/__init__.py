"""Where the rooms meet: suites, the plan, the judging of answers, the timed rounds, the run."""
