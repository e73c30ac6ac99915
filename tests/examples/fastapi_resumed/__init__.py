"""A FastAPI application with threads that are continued by ID and a stream that is resumed: sound, and with leaks."""
