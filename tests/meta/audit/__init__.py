"""The audit judged: what it reads, what each rule finds, and what it leaves alone."""
