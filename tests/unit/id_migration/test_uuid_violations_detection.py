"""The plan's three places mint nothing raw, and (at strict level) nothing else in the tree does either."""

from __future__ import annotations

from id_isolation.checks.check import OnSurface
from id_isolation.checks.s1_raw_mints import s1
from id_isolation.checks.s3_mints_elsewhere import s3


def test_token_validation_mints_no_raw_session_id(auth: OnSurface) -> None:
    """The token validation takes session_id from the generator.

    Troubleshooting: the finding names the line; phase 1 of the plan says what to write there.
    """
    s1(auth)


def test_migration_helper_mints_no_raw_context_ids(dispatcher: OnSurface) -> None:
    """The migration helper takes the context's IDs from the generator.

    Troubleshooting: the finding names up to four lines; phase 2 of the plan replaces them by one call.
    """
    s1(dispatcher)


def test_websocket_authentication_mints_no_raw_connection_id(websocket: OnSurface) -> None:
    """The WebSocket authentication takes connection_id from the generator.

    Troubleshooting: the finding names the line; phase 3 of the plan says what to write there.
    """
    s1(websocket)


def test_nothing_else_in_the_tree_mints_raw_ids(tree: OnSurface) -> None:
    """No production code mints IDs outside the generator, beyond the recorded baseline.

    Troubleshooting: `id-isolation scan` lists every place, and records the old ones in a baseline.
    """
    s3(tree)
