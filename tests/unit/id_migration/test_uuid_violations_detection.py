"""The plan's three places mint nothing raw, and (at strict level) nothing else in the tree does either."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Verdict
from id_isolation.pytest_plugin.results import assert_passed


@pytest.mark.check("S1", surface="auth")
def test_token_validation_mints_no_raw_session_id(verdict: Verdict) -> None:
    """The token validation takes session_id from the generator.

    Troubleshooting: the finding names the line; phase 1 of the plan says what to write there.
    """
    assert_passed(verdict)


@pytest.mark.check("S1", surface="dispatcher")
def test_migration_helper_mints_no_raw_context_ids(verdict: Verdict) -> None:
    """The migration helper takes the context's IDs from the generator.

    Troubleshooting: the finding names up to four lines; phase 2 of the plan replaces them by one call.
    """
    assert_passed(verdict)


@pytest.mark.check("S1", surface="websocket")
def test_websocket_authentication_mints_no_raw_connection_id(verdict: Verdict) -> None:
    """The WebSocket authentication takes connection_id from the generator.

    Troubleshooting: the finding names the line; phase 3 of the plan says what to write there.
    """
    assert_passed(verdict)


@pytest.mark.check("S3", surface="tree")
def test_nothing_else_in_the_tree_mints_raw_ids(verdict: Verdict) -> None:
    """No production code mints IDs outside the generator, beyond the recorded baseline.

    Troubleshooting: `id-isolation scan` lists every place, and records the old ones in a baseline.
    """
    assert_passed(verdict)
