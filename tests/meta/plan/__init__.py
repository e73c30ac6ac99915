"""Tests of the plan as data, by the plan in the box and by one of another project."""
