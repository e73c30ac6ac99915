"""A FastAPI application that answers over a WebSocket, judged by 15 lines of data: sound, and with classic leaks."""
