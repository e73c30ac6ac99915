"""A python-socketio application with a room for each user, judged by its data: sound, and with classic leaks."""
