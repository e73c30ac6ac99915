"""A small chat backend: users log in, start jobs, and open a live line."""
