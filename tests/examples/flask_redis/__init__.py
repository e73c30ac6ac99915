"""Flask-Session over a real Redis: server-side sessions, judged through an adapter."""
