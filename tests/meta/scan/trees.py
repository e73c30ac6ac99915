"""Small source trees in the plan's layout, written for one test each."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from id_isolation.embedded.layer import AUTH, DISPATCHER, WEBSOCKET

AUTH_PLAN = """
from shared.id_generation.unified_id_generator import UnifiedIdGenerator
async def _validate_token_with_auth_service(token):
    result = await auth_client.validate_token_jwt(token)
    user_id = result.get("user_id")
    session_id = UnifiedIdGenerator.generate_session_id(user_id, "auth")
    _active_token_sessions[token] = {"user_id": user_id, "session_id": session_id}
"""
DISPATCHER_PLAN = """
from shared.id_generation.unified_id_generator import UnifiedIdGenerator
class UnifiedToolDispatcher:
    @classmethod
    async def create_from_deprecated_execution_engine(cls, user_context=None):
        from netra_backend.app.services.user_execution_context import UserExecutionContext
        thread_id, run_id, request_id = UnifiedIdGenerator.generate_user_context_ids("migration_compat", "dispatcher")
        user_context = UserExecutionContext.from_request_supervisor(
            user_id="migration_compat_user", thread_id=thread_id, run_id=run_id, request_id=request_id, metadata={})
"""
WEBSOCKET_PLAN = """
from shared.id_generation.unified_id_generator import UnifiedIdGenerator
async def authenticate_websocket_ssot(websocket, e2e_context=None, preliminary_connection_id=None):
    context = getattr(websocket, "auth_context", None)
    user = "unknown"
    if context:
        user = context.get("user_id", "unknown")
    connection_id = preliminary_connection_id or UnifiedIdGenerator.generate_websocket_connection_id(user)
    await service.authenticate_websocket(websocket, preliminary_connection_id=connection_id)
"""


def auth(value: str, head: str = "") -> str:
    """An auth module whose token validation gives `session_id` the value; `head` is the top of the module."""
    return (
        f"{dedent(head)}\nasync def _validate_token_with_auth_service(token):\n"
        f"    user_id = (await check(token)).get('user_id')\n{indent(dedent(value), '    ')}\n"
    )


def websocket(value: str, head: str = "") -> str:
    """A WebSocket module whose authentication runs the statements of `value`."""
    return (
        f"{dedent(head)}\nasync def authenticate_websocket_ssot(websocket, preliminary_connection_id=None):\n"
        f"{indent(dedent(value), '    ')}\n"
    )


def dispatcher(value: str, head: str = "") -> str:
    """A dispatcher module whose migration helper runs the statements of `value`."""
    return (
        f"from services import UserExecutionContext\n{dedent(head)}\nclass UnifiedToolDispatcher:\n    @classmethod\n"
        f"    async def create_from_deprecated_execution_engine(cls):\n{indent(dedent(value), '        ')}\n"
    )


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files below `root` and give it back."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def plan_tree(root: Path, **changes: str) -> Path:
    """A tree with the plan carried out; `auth`, `dispatcher`, `websocket` replace a module, other keys add a file."""
    files: dict[str, str | bytes] = {AUTH: AUTH_PLAN, DISPATCHER: DISPATCHER_PLAN, WEBSOCKET: WEBSOCKET_PLAN}
    names = {"auth": AUTH, "dispatcher": DISPATCHER, "websocket": WEBSOCKET}
    files.update({names.get(key, key): text for key, text in changes.items()})
    return write(root, files)
