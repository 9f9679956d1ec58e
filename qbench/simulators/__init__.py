"""Who runs it: the contract of a simulator and one small file per package."""
