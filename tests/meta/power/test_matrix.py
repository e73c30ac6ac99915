"""The certificate holds: the faults are caught as declared, and no twin is accused."""

from __future__ import annotations

import pytest

from id_isolation.backend.errors import UsageError
from id_isolation.checks.probe import Effort
from id_isolation.power.matrix import SCALE, prove
from id_isolation.power.telling import told


def test_faults_that_are_named_are_tried_by_every_check() -> None:
    """A part of the matrix is judged whole, and says nothing of idle checks."""
    certificate = prove(["context-dropped"], seed=1, jobs=2, effort=Effort(0.1))
    assert certificate.is_green
    assert not certificate.complete
    assert len(certificate.caught[0].tried.verdicts) == len(certificate.pairs)


def test_an_unknown_name_is_refused_in_a_sentence() -> None:
    """A misspelt fault is no empty, and so green, matrix."""
    with pytest.raises(UsageError, match="there is no fault or twin of that name"):
        prove(["no-such-fault"], seed=1, jobs=1, effort=Effort(0.1))


@pytest.mark.slow
def test_the_whole_matrix_is_green() -> None:
    """Every fault is caught by the checks that it names, every twin passes, and no check is idle."""
    certificate = prove(seed=841, jobs=3, effort=Effort(SCALE))
    assert certificate.is_green, "\n".join(told(certificate, 120))
