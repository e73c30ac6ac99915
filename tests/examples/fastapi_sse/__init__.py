"""A FastAPI application that answers by server-sent events, with cookie sessions: sound, and with classic leaks."""
