"""A FastAPI application in two worker processes that share a Redis, judged by its data: sound, and with leaks."""
