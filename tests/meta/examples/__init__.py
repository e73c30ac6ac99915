"""The example systems, judged: what the suite finds in them, and that it catches a fault planted in the toy."""
