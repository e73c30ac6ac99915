"""Reads and writes its counter through built-in functions, which name it in a text alone."""


class _Counter:
    value = 0


def mint():
    value = getattr(_Counter, "value") + 1  # noqa: B009
    setattr(_Counter, "value", value)  # noqa: B010
    return value


def reset():
    _Counter.value = 0
