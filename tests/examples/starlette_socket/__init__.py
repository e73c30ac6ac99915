"""A Starlette WebSocket application behind uvicorn: a real server process, judged over real sockets."""
