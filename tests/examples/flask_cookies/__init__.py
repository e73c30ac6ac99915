"""A Flask application whose sessions are signed cookies, judged by its data: sound, and with classic leaks."""
