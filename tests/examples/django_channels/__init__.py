"""A Django application with Channels: log-in by form, CSRF and cookie, a consumer with a group for each user."""
